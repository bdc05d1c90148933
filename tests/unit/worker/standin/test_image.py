"""Pictures in files, beside pygame's."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pygame as real
import pytest

from tests.unit.worker.standin.pictures import (
    ground,
    ours,
    pixels,
)

STOCK = sorted(Path(gymnasium.__file__).parent.rglob("*.png"))


@pytest.mark.parametrize("file", STOCK, ids=lambda file: file.name)
def test_pictures_of_gymnasium_are_read_as_by_pygame(file: Path) -> None:
    theirs, mine = real.image.load(file), ours.image.load(file)
    np.testing.assert_array_equal(pixels(mine), pixels(theirs))


def test_there_are_pictures() -> None:
    assert len(STOCK) > 50


def png(kind: int, depth: int, raw: bytes, more: bytes = b"", interlaced: int = 0) -> bytes:
    """A file of 5 x 4 pixels, of lines that each begin with their filter."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 5, 4, depth, kind, 0, 0, interlaced)
    parts = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(raw))
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


@pytest.mark.parametrize("filter", range(5))
@pytest.mark.parametrize(
    ("kind", "depth"),
    [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (4, 8), (4, 16), (6, 8), (6, 16)],
)
def test_every_kind_of_file_is_read_as_by_pygame(kind: int, depth: int, filter: int) -> None:
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    length = (5 * samples * depth + 7) // 8
    noise = np.random.default_rng(3).integers(0, 256, (4, length + 1), dtype=np.uint8)
    noise[:, 0] = filter
    data = png(kind, depth, noise.tobytes())
    theirs, mine = real.image.load(io.BytesIO(data), "x.png"), ours.image.load(io.BytesIO(data))
    np.testing.assert_array_equal(pixels(mine), pixels(theirs))


def test_a_palette_with_clear_colours_is_read() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    palette = chunk(b"PLTE", bytes(range(12))) + chunk(b"tRNS", bytes([0, 128]))
    surface = ours.image.load(io.BytesIO(png(3, 2, b"\0\x1b\0" * 4, palette)))
    assert [tuple(surface.get_at((x, 0))) for x in range(4)] == [
        (0, 1, 2, 0), (3, 4, 5, 128), (6, 7, 8, 255), (9, 10, 11, 255),
    ]  # fmt: skip


@pytest.mark.parametrize("alpha", [False, True])
def test_what_is_saved_is_read_again_by_pygame(tmp_path: Path, alpha: bool) -> None:
    picture = ground(ours, alpha)
    ours.image.save(picture, tmp_path / "picture.png")
    for module in (real, ours):
        again: Any = module.image.load(tmp_path / "picture.png")
        np.testing.assert_array_equal(pixels(again), pixels(picture))


@pytest.mark.parametrize("format", ["RGB", "RGBA", "ARGB"])
@pytest.mark.parametrize("flipped", [False, True])
def test_bytes_are_pygame_s(format: Any, flipped: bool) -> None:
    data = [m.image.tobytes(ground(m, True), format, flipped) for m in (real, ours)]
    assert data[0] == data[1]
    again: Any = ours.image.frombytes(data[0], (60, 40), format, flipped)
    assert ours.image.tobytes(again, format, flipped) == data[0]
    with pytest.raises(ValueError, match="does not equal format and resolution"):
        ours.image.frombytes(data[0][1:], (60, 40), format)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"GIF89a")
    with pytest.raises(ours.error, match=r"a\.png.*no PNG file.*reads PNG files"):
        ours.image.load(tmp_path / "a.png")
    for data, words in (
        (png(0, 8, b"\0" * 24, interlaced=1), "interlaced"),
        (png(0, 8, b"")[:60], "damaged"),
        (png(0, 8, b"\0" * 24)[:-30], "damaged"),
    ):
        with pytest.raises(ours.error, match=words):
            ours.image.load(io.BytesIO(data), "b.png")
    with pytest.raises(FileNotFoundError):
        ours.image.load(tmp_path / "nowhere.png")
    with pytest.raises(NotImplementedError, match=r"image\.save to \.jpg files"):
        ours.image.save(ground(ours), tmp_path / "a.jpg")
    with pytest.raises(NotImplementedError, match=r"image\.tobytes\(format='P'\)"):
        ours.image.tobytes(ground(ours), "P")
