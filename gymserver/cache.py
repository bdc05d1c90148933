"""Folders that are built once, and the compressed copies in them."""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import brotli
import zstandard

from gymserver.bootstrap import locked

# Measured over what a first visit loads of the runtime and of the snapshot: Zstandard makes it
# 8.66 MB in 9 s of one core, which a browser unpacks in less than half of Brotli's time. Brotli of
# quality 7 makes it 9.29 MB in 1.5 s, 9 makes it 9.15 MB in 4 s; 10 takes minutes. Of small files
# its best is 8 % smaller than Zstandard, in less than a second each.
ZSTD = zstandard.ZstdCompressionParameters.from_level(19, window_log=23)  # browsers take no more
BROTLI_QUALITY = 7
BROTLI_BEST, SMALL = 11, 1 << 19  # for a file of at most so many bytes
GZIP_LEVEL = 6

ENCODINGS = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}
"""What a copy is called beside its file, by HTTP's name of the encoding."""

WORTH_IT = 0.9  # a compressed copy above this share of the raw size is not kept


MANIFEST = "files.json"
"""In a built folder: the hash of each file in it."""

_BUILDING = "building-"


def built_folder(
    target: Path, build: Callable[[Path], None], say: Callable[[str], None] = lambda line: None
) -> Path:
    """Returns `target`, building it if it does not exist or is damaged.

    The folder is built under another name and renamed when complete, so that a broken build is
    never taken for a whole one. One process builds at a time.

    Args:
        target: the folder.
        build: fills an empty folder; what lies beside that goes away with the end of the build.
        say: is told of a damage.
    """
    if target.is_dir():
        if (what := damage(target)) is None:
            return target
        say(f"{what} in the cache is damaged; building it again ...")
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(target.parent / "building.lock"):
        if target.is_dir():
            if damage(target) is None:  # another process was faster
                return target
            shutil.rmtree(target)
        _sweep(target.parent)
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=_BUILDING, ignore_cleanup_errors=True
        ) as temporary:
            work = Path(temporary) / "folder"
            work.mkdir()
            build(work)
            (work / MANIFEST).write_text(json.dumps(_hashes(work), indent=1), "utf-8")
            work.rename(target)
    return target


def sweep(cache: Path) -> None:
    """Removes what killed builds have left."""
    if any(cache.glob(f"{_BUILDING}*/")):
        with suppress(OSError), locked(cache / "building.lock"):  # it may be read-only
            _sweep(cache)


def damage(folder: Path) -> str | None:
    """Returns the name of a file in a built folder that is not as it was built, None if all are.

    A file more is no damage.
    """
    try:
        built = json.loads((folder / MANIFEST).read_text("utf-8"))
        found = _hashes(folder)
    except (OSError, ValueError):
        return f"{folder.name}/{MANIFEST}"
    return next((f"{folder.name}/{name}" for name in built if found.get(name) != built[name]), None)


def _hashes(folder: Path) -> dict[str, str]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    names = [file.relative_to(folder).as_posix() for file in files]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing releases the GIL
        return dict(zip(names, pool.map(_hash, files), strict=True))


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sweep(cache: Path) -> None:
    """Removes half-built folders; nobody builds while the lock is held."""
    for folder in cache.glob(f"{_BUILDING}*/"):
        shutil.rmtree(folder, ignore_errors=True)


def compress(files: Iterable[Path]) -> None:
    """Puts copies in each of the `ENCODINGS` beside the files that shrink by it."""
    biggest_first = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
    jobs = [(file, encoding) for file in biggest_first for encoding in ENCODINGS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the codecs release the GIL
        list(pool.map(lambda job: _compress(*job), jobs))


def _compress(file: Path, encoding: str) -> None:
    raw = file.read_bytes()
    if encoding == "zstd":
        small = zstandard.ZstdCompressor(compression_params=ZSTD).compress(raw)
    elif encoding == "br":
        quality = BROTLI_BEST if len(raw) <= SMALL else BROTLI_QUALITY
        small = brotli.compress(raw, quality=quality, lgwin=24)
    else:
        small = gzip.compress(raw, GZIP_LEVEL, mtime=0)
    if len(small) < WORTH_IT * len(raw):
        file.with_name(file.name + ENCODINGS[encoding]).write_bytes(small)
