"""Files that the visitor brings, read before anything that runs is touched. Runs on the page."""

from gymworker import GymWorkerError, RecordingError
from gymworker.codec.light import Array
from gymworker.protocol import PLAY
from gymworker.recording import read_header
from pyscript import window

from .files import LARGEST, belongs, too_large

HEAD = 65536
"""Bytes of a file that are looked at on the page: its first lines. The worker reads it all."""

UTF_16 = {b"\xff\xfe": "utf-16le", b"\xfe\xff": "utf-16be"}


async def open_recording(file, names, worker):
    """Read a recording: its top here, all of it in the worker, if that has an environment.

    Args:
        file: of the browser's.
        names: of the environments that there are.
        worker: a ``PyodideWorker``; None if it cannot be asked.

    Returns:
        The file's bytes as an ``Array``, and the name of its environment, None if it names none.

    Raises:
        RecordingError, RemoteError: what is wrong with it; see ``reason``.
        GymWorkerError: as any request.
    """
    size = float(window.JSON.stringify(file.size))  # MicroPython cuts whole numbers at 32 bits
    if size > LARGEST:
        raise RecordingError(too_large(size))
    name = read_header(await _head(file, size)).get("environment")
    problem = belongs(name, names)
    if problem:
        raise RecordingError(problem)
    if worker is not None:
        payload = {"recording": await _bytes(file), "check": True}
        await worker.request(PLAY, payload, None)  # a long file takes its time
    return await _bytes(file), name or None


def reason(error):
    """Return what is wrong with a file, as a sentence."""
    text = str(error).split("\n")[0]
    for name in ("RecordingError: ", "ProtocolError: "):
        if text.startswith(name):
            text = text[len(name) :]
    return text if isinstance(error, GymWorkerError) else "It cannot be read: " + text


async def _head(file, size):
    """Return the first lines of a file, as text or bytes."""
    buffer = await file.slice(0, HEAD).arrayBuffer()
    data = Array.from_buffer(buffer, "uint8", (buffer.byteLength,)).tobytes()
    encoding = UTF_16.get(data[:2])
    if encoding is not None:
        return str(window.TextDecoder.new(encoding).decode(buffer))
    end = data.rfind(b"\n") + 1
    return data[:end] if size > HEAD and end else data


async def _bytes(file):
    data = await file.arrayBuffer()
    return Array.from_buffer(data, "uint8", (data.byteLength,))
