"""The table of a worker's life, and that the client keeps to it."""

import re

import pytest
from gymworker.errors import ProtocolError
from gymworker.page import lifecycle
from gymworker.page.fields import Log
from gymworker.page.lifecycle import NEXT_STATES, Lifecycle

from tests.loopback import Lab, on_virtual_time
from tests.unit.page.scripted import VERSION, scripted

EVENTS = ("ready", "stall", "answer", "fail", "restart", "close")


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", NEXT_STATES)
def test_each_state_takes_the_events_of_the_table_and_refuses_the_others(
    state: str, event: str
) -> None:
    life = Lifecycle()
    life.state = state
    following = NEXT_STATES[state].get(event)
    assert life.allows(event) == (following is not None)
    if following is None:
        with pytest.raises(ProtocolError, match=f"{state}.*{event}"):
            life.handle(event)
        assert life.state == state
    else:
        life.handle(event)
        assert life.state == following


def test_the_table_is_closed_and_every_state_can_be_reached() -> None:
    reached = {following for events in NEXT_STATES.values() for following in events.values()}
    assert reached == set(NEXT_STATES)
    assert {event for events in NEXT_STATES.values() for event in events} == set(EVENTS)
    assert NEXT_STATES[lifecycle.CLOSED] == {"close": lifecycle.CLOSED}


def test_the_documented_table_is_the_one_that_runs() -> None:
    rows = re.findall(
        r"^    (\w[\w ]*?)\s{2,}(\w+)\s{2,}(\w+)\s{2,}", lifecycle.__doc__ or "", re.M
    )
    documented = set()
    for state, event, following in rows[1:]:
        states = [s for s in NEXT_STATES if s != "closed"] if state == "any open" else [state]
        states = list(NEXT_STATES) if state == "any" else states
        documented |= {(s, event, following) for s in states}
    real = {(s, e, f) for s, events in NEXT_STATES.items() for e, f in events.items()}
    assert documented == real


@on_virtual_time
async def test_the_state_of_a_client_follows_its_worker(lab: Lab) -> None:
    worker = lab.worker()
    states = [worker.state]
    await worker.init()
    states.append(worker.state)
    lab.wire.crash()
    states.append(worker.state)
    await worker.restart()
    states.append(worker.state)
    worker.destroy()
    states.append(worker.state)
    assert states == ["booting", "ready", "failed", "ready", "closed"]


@on_virtual_time
async def test_nothing_is_known_of_a_worker_that_boots(lab: Lab) -> None:
    lab.browser.hold_boot()
    worker = lab.worker()
    assert (worker.version, worker.state, worker.pending, worker.dropped) == (None, "booting", 0, 0)
    assert (worker.canvas, worker.silence) == (None, 0.0)
    worker.destroy()


@on_virtual_time
async def test_a_worker_is_ready_once_whatever_it_says_later(lab: Lab) -> None:
    worker, script = scripted()
    script.say("ready", version={**VERSION, "protocol": 0})
    assert (worker.state, worker.dropped) == ("ready", 0)
    worker.destroy()


@on_virtual_time
async def test_what_goes_wrong_in_no_request_is_a_line_of_the_log(lab: Lab) -> None:
    told: list[Log] = []
    worker, script = scripted(on_log=told.append)
    script.say("error", error={"name": "ValueError", "message": "no", "stack": ""})
    assert [(log.level, log.stream, log.text) for log in told] == [
        ("error", "stderr", "ValueError: no")
    ]
    worker.destroy()
