"""What a visitor reads while a game waits."""

from typing import Any

from app import turns
from gymworker.page.game_fields import PlayState, Seat


def seats(**kinds: str) -> list[Seat]:
    return [Seat({"agent": agent, "kind": kind, "choices": []}) for agent, kind in kinds.items()]


def state(**fields: Any) -> PlayState:
    return PlayState(fields)


def test_the_page_says_whose_move_it_is() -> None:
    one, two = seats(ann="human", bob="policy"), seats(ann="human", bob="human")
    assert turns.turn(state(), seats()) == "Your move"
    assert turns.turn(state(agent="ann"), one) == "Your move"
    assert turns.turn(state(agent="bob"), one) == "bob moves"
    assert turns.turn(state(agent="bob"), two) == "bob: your move"
    assert turns.turn(state(agent=None), two) == "Your move"  # to go on to the next episode


def test_the_page_says_what_was_refused() -> None:
    control = {"keys": ["3"], "action": 2, "agent": "ann"}
    assert turns.refusal(state()) is None
    assert turns.refusal(state(refused=control)) == "3 is not allowed now"
    labelled = {**control, "label": "Column 3"}
    assert turns.refusal(state(refused=labelled)) == "Column 3 is not allowed now"
