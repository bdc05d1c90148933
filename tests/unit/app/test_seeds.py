"""Seeds as people type them are read, or refused with a sentence."""

import pytest
from app.seeds import LARGEST, read_seed

from gymserver.site import ROOT
from tests.runtimes import Runtime

SEEDS = {
    "7": 7, " 7 ": 7, "7.0": 7, "7.": 7, "007": 7, "+7": 7, "1e3": 1000, "1E3": 1000,
    "1.5e1": 15, "70e-1": 7, "0": 0, "0.0": 0, "0e99": 0, "2147483647": LARGEST,
    "2.147483647e9": LARGEST, "1e+3": 1000, ".5e1": 5, "0000000000000012": 12,
}  # fmt: skip
NONE = [
    "-1", "-0", "1.5", "2147483648", "1e10", "1e999999999", "1e9999999999999", "9" * 500, "seven",
    "0x10", "1e", "e3", ".", "+", "1,000", "1 000", "\u0661", "nan", "inf", "True", "1e-3", "7;",
]  # fmt: skip


@pytest.mark.parametrize("text", SEEDS)
def test_a_seed_is_read(text: str) -> None:
    assert read_seed(text) == (SEEDS[text], "")


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_seed_is_refused_with_a_sentence(text: str) -> None:
    seed, problem = read_seed(text)
    assert seed is None
    assert problem.startswith(f"A seed is a whole number from 0 to {LARGEST}, not “{text[:39]}")
    assert len(problem) < 120


def test_nothing_is_any_seed() -> None:
    assert read_seed("") == read_seed("  ") == (None, "")


def test_the_page_reads_the_same(micropython: Runtime) -> None:
    micropython.write("seeds.py", (ROOT / "web" / "app" / "seeds.py").read_text("utf-8"))
    micropython.exec("""
from seeds import read_seed

def read(text, buffers, out):
    return repr([repr(read_seed(one)[0]) for one in text.split("|")])
""")
    texts = [*SEEDS, *NONE]
    said = micropython.call("read", "|".join(texts))[0]
    assert said == repr([repr(read_seed(text)[0]) for text in texts])
