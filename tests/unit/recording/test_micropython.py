"""Recordings on a page in MicroPython, which has no NumPy and no order in its dicts."""

import json

import numpy as np
import pytest
from gymworker.recording import header, read, write_csv, write_lines, write_record

from gymserver.site import ROOT
from tests.runtimes import Runtime
from tests.unit.codec.values import same
from tests.unit.recording.records import PLAYS, record

BETWEEN = "\n----\n"
PAGE = """
BETWEEN = "\\n----\\n"
from gymworker.recording import header, read, read_header, write_csv, write_lines, write_record

def both(text, buffers, out):
    records = read(text)
    about = read_header(text)
    return BETWEEN.join([write_lines(about, records), write_csv(about, records)])
"""

KINDS = [
    "ints", "floats", "numpy ints", "arrays", "arrays of ints", "text", "tuples", "lists",
    "dicts by int", "numpy floats", "arrays with nan", "what looks like marks", "tuples of arrays",
    "dates", "big-endian arrays", "long ints", "dicts of floats",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(micropython: Runtime) -> Runtime:
    micropython.install(ROOT / "web" / "gymworker")
    micropython.exec(PAGE)
    return micropython


@pytest.mark.parametrize("write", [write_lines, write_csv])
@pytest.mark.parametrize("name", KINDS)
def test_a_page_in_micropython_reads_and_writes_both_kinds_of_files(
    page: Runtime, name: str, write: object
) -> None:
    fields = record(PLAYS[name], seed=2**40, checksums=[2**32 - 1] * (len(PLAYS[name]) + 1))
    assert callable(write)
    text = write(header("x"), [write_record(fields)])
    for made in page.call("both", text)[0].split(BETWEEN):
        (back,) = read(made)
        assert same(back["actions"], PLAYS[name])
        for field in ("seed", "rewards", "flags", "checksums", "times"):
            assert back[field] == fields[field]


def test_a_page_in_micropython_reads_version_1(page: Runtime) -> None:
    line = (
        '{"seed": 1, "actions": [{"$array": [0.1], "dtype": "float32"}, {"$tuple": [1]},'
        ' {"$scalar": 0.5, "dtype": "float32"}, {"$dict": [[1, {"$float": "inf"}]]}],'
        ' "rewards": [0, 0, 0, 0], "flags": [], "checksums": [1, 2, 3, 4, 5]}'
    )
    top = json.dumps({**header("x"), "formatVersion": 1})
    made, _ = page.call("both", top + "\n" + line)
    expected = [np.array([0.1], "f4"), (1,), np.float32(0.5), {1: float("inf")}]
    assert same(read(made.split(BETWEEN)[0])[0]["actions"], expected)


def test_the_top_of_a_file_is_what_it_is_everywhere(page: Runtime) -> None:
    page.exec("""
def top(text, buffers, out):
    record = write_record({"seed": 1, "actions": [1], "rewards": [1.0], "flags": [],
        "checksums": [1, 2], "times": [5], "startedAt": 1764146076123.4})
    about = header("x", {"packages": {"numpy": "2"}})
    return write_csv(about, [record]) + BETWEEN + write_lines(about, [record])
""")
    table, lines = page.call("top", "")[0].split(BETWEEN)
    assert "# started: 2025-11-26T08:34:36Z\r\n# actions: int\r\n# version of numpy: 2" in table
    assert read(table)[0]["actions"] == read(lines)[0]["actions"] == [1]
