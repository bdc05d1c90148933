"""Folders that are built once, and the compressed copies in them."""

import gzip
import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

# Measured on two cores over the runtime and Gymnasium's wheels, 28 MB. A first visit loads 25.1 MB
# of it: quality 5 makes that 8.36 MB in 1.4 s, 7 makes it 8.20 MB in 2.3 s, 9 makes it 8.13 MB in
# 5.8 s and 10 makes it 7.63 MB in 96 s. Gzip makes it 9.31 MB.
BROTLI_QUALITY = 7
GZIP_LEVEL = 6
WORTH_IT = 0.9  # a compressed copy above this share of the raw size is not kept


def built_folder(target: Path, build: Callable[[Path], None]) -> Path:
    """Returns `target`, building it if it does not exist.

    The folder is built under another name and renamed when complete, so that a broken build is
    never taken for a whole one, and two processes that build at once both end with a whole one.
    """
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix="building-", ignore_cleanup_errors=True
    ) as temporary:
        work = Path(temporary) / "folder"
        work.mkdir()
        build(work)
        try:
            work.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    return target


def compress(files: Iterable[Path]) -> None:
    """Puts `.br` and `.gz` copies beside the files that shrink by it."""
    biggest_first = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
    jobs = [(file, suffix) for file in biggest_first for suffix in (".br", ".gz")]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # both codecs release the GIL
        list(pool.map(lambda job: _compress(*job), jobs))


def _compress(file: Path, suffix: str) -> None:
    raw = file.read_bytes()
    if suffix == ".br":
        small = brotli.compress(raw, quality=BROTLI_QUALITY, lgwin=24)
    else:
        small = gzip.compress(raw, GZIP_LEVEL, mtime=0)
    if len(small) < WORTH_IT * len(raw):
        file.with_name(file.name + suffix).write_bytes(small)
