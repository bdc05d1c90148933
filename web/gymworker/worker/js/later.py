"""The files of ``[worker.later]``, fetched when they are wanted. Runs in the worker."""

import gzip
import io
import tarfile
import zlib

import js
from pyodide.ffi import JsException

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def fetch(folder: "Path") -> None:
    """Fetch the files, while Python waits, and put them into a folder.

    Args:
        folder: that those of ``[worker.files]`` are in.

    Raises:
        OSError: they did not come; another attempt may succeed.
    """
    address = getattr(js, "gymworkerLater", None)  # of the server's module that starts Pyodide
    if address is None:
        return
    request = js.XMLHttpRequest.new()
    request.open("GET", address, False)
    request.responseType = "arraybuffer"
    try:
        request.send()
    except JsException as error:
        raise OSError(f"{address} could not be loaded: {error.message}") from None
    if request.status != 200:
        raise OSError(f"{address} could not be loaded: status {request.status}")
    try:
        content = gzip.decompress(request.response.to_bytes())
    except (EOFError, OSError, zlib.error) as error:
        raise OSError(f"{address} is damaged or cut short: {error}") from None
    with tarfile.open(fileobj=io.BytesIO(content)) as bundle:
        bundle.extractall(folder, filter="data")
