"""Waiting and telling, which the page's two Pythons do in one way."""

import time

import pytest
from gymworker.page import aio


def test_where_there_is_a_clock_that_nobody_sets_it_is_the_one() -> None:
    assert aio.now is time.monotonic


def test_nobody_is_told_where_there_is_no_callback(capsys: pytest.CaptureFixture[str]) -> None:
    aio.tell(None, "news")
    assert capsys.readouterr().out == ""
