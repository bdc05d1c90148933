"""The requests that a worker has not answered: in which order, and who still waits."""

import asyncio
from typing import Any

import pytest
from gymworker.errors import RequestTimeoutError, WorkerCrashedError
from gymworker.page.pending import Pending, Request

from tests.loopback import on_virtual_time


def opened(*types: str) -> tuple[Pending, list[Request]]:
    pending = Pending()
    return pending, [pending.open(type, 30.0) for type in types]


async def outcome(request: Request) -> Any:
    try:
        return await request
    except Exception as error:
        return error


def test_the_oldest_is_owed_and_what_nobody_waits_for_is_dropped() -> None:
    pending, (first, second) = opened("reset", "step")
    assert (first.id, second.id, len(pending)) == (1, 2, 2)
    assert pending.owed() is first
    pending.settle(1, "done")
    assert pending.owed() is second
    pending.settle(1, "again")
    pending.settle(9, "never asked")
    assert (pending.dropped, len(pending)) == (2, 1)
    pending.forget(second)
    pending.forget(second)
    assert (pending.owed(), len(pending), pending.dropped) == (None, 0, 2)


def test_progress_counts_for_the_request_that_it_names() -> None:
    pending, (first, second) = opened("init", "step")
    for id in (2, 2, None, 7):
        pending.report(id)
    assert (first.reports, second.reports) == (0, 2)


@on_virtual_time
async def test_those_that_were_given_up_keep_their_places() -> None:
    pending, (first, second) = opened("step", "render")
    pending.give_up("step had no answer within 30 s")
    texts = [str(await outcome(request)) for request in (first, second)]
    assert texts == [
        "step had no answer within 30 s",
        "render waited in vain: step had no answer within 30 s",
    ]
    assert (len(pending), pending.owed()) == (0, first)
    assert pending.gave_up(first)
    assert pending.gave_up(second)
    later = pending.open("reset", 30.0)
    assert not pending.gave_up(later)
    assert pending.owed() is later
    pending.settle(first.id, "late")
    assert (pending.dropped, pending.owed()) == (1, later)
    pending.resume()
    assert not pending.gave_up(second)
    assert pending.owed() is second


def test_even_the_first_counts_again_after_a_stall() -> None:
    pending, (first,) = opened("init")
    pending.give_up("init had no answer")
    pending.resume()
    assert not pending.gave_up(first)


@on_virtual_time
async def test_each_is_settled_once_whatever_comes_after_it() -> None:
    pending, requests = opened("step", "step", "step")
    pending.settle(1, "value")
    pending.settle(2, error=ValueError("raised"))
    pending.give_up("why")
    pending.give_up("again")
    pending.reject_all(WorkerCrashedError("gone"))
    value, raised, given_up = [await outcome(request) for request in requests]
    assert value == "value"
    assert str(raised) == "raised"
    assert isinstance(given_up, RequestTimeoutError)
    assert str(given_up) == "step waited in vain: why"
    assert pending.owed() is None


@on_virtual_time
async def test_a_caller_that_was_cancelled_keeps_the_place_of_its_request() -> None:
    pending, (first, second) = opened("slow", "step")
    task = asyncio.create_task(outcome(first))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (len(pending), pending.owed()) == (1, first)
    pending.settle(1, "nobody")
    assert (pending.dropped, pending.owed()) == (1, second)


@on_virtual_time
async def test_a_reply_that_comes_as_its_caller_is_cancelled_is_for_nobody() -> None:
    pending, (first,) = opened("step")
    task = asyncio.create_task(outcome(first))
    await asyncio.sleep(0)
    task.cancel()
    pending.settle(1, "late")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(pending) == 0
