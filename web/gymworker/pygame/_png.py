"""PNG files, read and written.

All kinds but interlaced ones are read; what is written is 8-bit RGB or RGBA.
https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ._blend import Pixels
from ._whole import counting

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGBA = 0, 2, 3, 4, 6
_SAMPLES = {_GREY: 1, _RGB: 3, _PALETTE: 1, _GREY_ALPHA: 2, _RGBA: 4}


def read(data: bytes) -> tuple[Pixels, Pixels | None]:
    """Return the colours ``(H, W, 3) uint8`` of a file, and its alpha ``(H, W) uint8`` or None.

    Raises:
        ValueError: it is no PNG file, cut short, or interlaced.
    """
    if not data.startswith(SIGNATURE):
        raise ValueError("it is no PNG file")
    parts: dict[bytes, bytes] = {}
    try:
        for kind, content in _chunks(data):
            parts[kind] = parts.get(kind, b"") + content
        header = struct.unpack(">IIBBBBB", parts[b"IHDR"])
        samples = _samples(zlib.decompress(parts[b"IDAT"]), *header[:4], interlaced=header[6])
    except (KeyError, struct.error, zlib.error) as error:
        raise ValueError(f"it is damaged: {error}") from None
    depth, kind = header[2], header[3]
    clear = parts.get(b"tRNS")
    if kind == _PALETTE:
        return _of_palette(samples[..., 0], parts[b"PLTE"], clear)
    rgb, alpha = _split(samples)
    if clear is not None:
        key = np.frombuffer(clear, ">u2")
        alpha = np.where((samples == key).all(axis=2), 0, 255).astype(np.uint8)
    return _to_bytes(rgb, depth), None if alpha is None else _to_bytes(alpha, max(depth, 8))


def write(rgb: Pixels, alpha: Pixels | None) -> bytes:
    """Return a file of colours ``(H, W, 3) uint8`` and, if there is one, alpha ``(H, W) uint8``."""
    pixels = rgb if alpha is None else np.dstack([rgb, alpha])
    height, width, samples = pixels.shape
    lines = np.zeros((height, 1 + width * samples), np.uint8)  # each begins with its filter, none
    lines[:, 1:] = pixels.reshape(height, -1)
    kind = _RGB if alpha is None else _RGBA
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines.tobytes())),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _samples(
    raw: bytes, width: int, height: int, depth: int, kind: int, *, interlaced: int
) -> NDArray[np.uint16]:
    """Return the samples ``(H, W, C)`` of decompressed lines."""
    if interlaced:
        raise ValueError("it is interlaced, which the stand-in for pygame cannot read")
    count = _SAMPLES[kind]
    step = max(count * depth // 8, 1)
    length = (width * count * depth + 7) // 8
    lines = np.frombuffer(raw, np.uint8, height * (length + 1)).reshape(height, length + 1)
    rows = _unfiltered(lines, step)
    if depth == 16:
        values: NDArray[np.uint16] = rows.view(">u2").astype(np.uint16)
    elif depth == 8:
        values = rows.astype(np.uint16)
    else:
        bits = np.unpackbits(rows, axis=1).reshape(height, -1, depth)
        weights = 1 << counting(depth - 1, -1, -1)
        values = (bits @ weights).astype(np.uint16)
    return values[:, : width * count].reshape(height, width, count)


def _unfiltered(lines: Pixels, step: int) -> Pixels:
    """Return lines as they were before each was made a difference from its neighbours.

    Args:
        lines: ``(H, 1 + N) uint8``, the first of each is its filter.
        step: bytes from a sample to the one beside it.
    """
    rows = np.zeros((len(lines), lines.shape[1] - 1), np.uint8)
    above = np.zeros(lines.shape[1] - 1, np.uint8)
    for number, line in enumerate(lines):
        filter, given = int(line[0]), line[1:]
        if filter == 0:
            above = given
        elif filter == 1:
            above = np.cumsum(given.reshape(-1, step), axis=0, dtype=np.uint8).ravel()
        elif filter == 2:
            above = given + above
        else:
            above = _one_by_one(filter, given, above, step)
        rows[number] = above
    return rows


def _one_by_one(filter: int, given: Pixels, above: Pixels, step: int) -> Pixels:
    """Undo the filters in which each byte depends on the one before it."""
    differences, up = given.tolist(), [0] * step + above.tolist()
    line = [0] * step + differences
    for at in range(step, len(line)):
        left, over = line[at - step], up[at]
        if filter == 3:
            guess = (left + over) >> 1
        else:
            corner = up[at - step]
            aside, down = abs(over - corner), abs(left - corner)
            both = abs(left + over - 2 * corner)
            guess = left if aside <= down and aside <= both else over if down <= both else corner
        line[at] = line[at] + guess & 255
    return np.array(line[step:], np.uint8)


def _of_palette(
    indices: NDArray[np.uint16], colors: bytes, clear: bytes | None
) -> tuple[Pixels, Pixels | None]:
    palette = np.frombuffer(colors, np.uint8).reshape(-1, 3)
    if clear is None:
        return palette[indices], None
    alphas = np.full(max(len(palette), len(clear)), 255, np.uint8)
    alphas[: len(clear)] = np.frombuffer(clear, np.uint8)
    return palette[indices], alphas[indices]


def _split(samples: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], NDArray[np.uint16] | None]:
    """Return colours ``(H, W, 3)``, and alpha ``(H, W)`` where there is one."""
    count = samples.shape[2]
    alpha = samples[..., -1] if count in (2, 4) else None
    return samples[..., :3] if count > 2 else np.repeat(samples[..., :1], 3, axis=2), alpha


def _to_bytes(values: NDArray[np.uint16] | Pixels, depth: int) -> Pixels:
    if depth == 16 and values.dtype != np.uint8:
        return np.ascontiguousarray((values >> 8).astype(np.uint8))
    times = 255 // ((1 << depth) - 1) if depth < 8 else 1
    return np.ascontiguousarray((values * times).astype(np.uint8))
