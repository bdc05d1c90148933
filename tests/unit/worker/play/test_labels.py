"""What a player reads for an action, from the environment's code to the wire."""

from typing import Any

import numpy as np
import pytest
from gymworker.errors import ProtocolError

from tests.unit.worker.play.games import MAPPING, Counter, Pair, settings_of


def labels_of(given: Any, mapping: Any = MAPPING, **play: Any) -> dict[str, Any]:
    """What each key's control says, for an environment of one agent."""
    settings = settings_of(
        {"actionMapping": mapping}, Counter(), {"play": {"labels": given, **play}}
    )
    return {"+".join(control["keys"]): control.get("label") for control in settings.controls()}


def test_labels_are_by_action() -> None:
    mapping = {"a": 1, "b": 2, "ab": 3, "c": 1}
    assert labels_of({1: "Push left", 3: "Both", 9: "Never"}, mapping) == {
        "a": "Push left", "b": None, "a+b": "Both", "c": "Push left",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (np.int64(3), 3),
        (3, np.int64(3)),
        (3, "3"),  # a page in JavaScript
        ("left", "left"),
        (np.array([0.0, 0.5]), (0.0, 0.5)),
        ([0, [1, 2]], (0, (1, 2))),
        ((1, 0), (1, 0)),
        (True, True),
    ],
)
def test_an_action_of_any_kind_can_have_a_label(action: Any, name: Any) -> None:
    assert labels_of({name: "It"}, {"x": action}) == {"x": "It"}


def test_an_action_that_is_a_dict_has_none_and_does_no_harm() -> None:
    assert labels_of({1: "It"}, {"x": {"arm": 1}}) == {"x": None}


def test_white_space_in_a_label_is_one_space() -> None:
    assert labels_of({1: "  Push\n left "}, {"x": 1}) == {"x": "Push left"}


def test_no_labels_leave_the_controls_as_they_were() -> None:
    nothing: tuple[Any, ...] = (None, {})
    for given in nothing:
        settings = settings_of({"labels": given, "actionMapping": {"x": 1}}, Counter(), {})
        assert settings.controls() == [{"keys": ["x"], "action": 1, "agent": None}]


def test_agents_have_labels_of_their_own_or_share_them() -> None:
    agents = {"left": {"a": 0}, "right": {"b": 0, "c": 1}}
    given = {"right": {0: "Rise"}, 0: "Up", 1: "Down"}
    settings = settings_of({"agents": agents, "labels": given}, Pair(), {})
    assert [(c["agent"], c["keys"], c["label"]) for c in settings.controls()] == [
        ("left", ["a"], "Up"),
        ("right", ["b"], "Rise"),
        ("right", ["c"], "Down"),
    ]


def test_the_pages_labels_replace_the_environments() -> None:
    settings = settings_of(
        {"labels": {0: "Mine"}, "actionMapping": {"a": 0, "b": 1}},
        Counter(),
        {"play": {"labels": {0: "Own", 1: "Own too"}}},
    )
    assert [control.get("label") for control in settings.controls()] == ["Mine", None]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["Left"], r"dict of actions to texts, such as .*got \['Left'\]"),
        ("Left", "dict of actions to texts"),
        ({0: 5}, "label of 0 to be a text, got 5"),
        ({0: "  "}, "label of 0 to be a text"),
        ({0: None}, "label of 0 to be a text, got None"),
        ({"nobody": {0: "Up"}}, "agent 'nobody', which there is not: there is none with a name"),
    ],
)
def test_labels_that_are_none_are_refused(given: Any, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        labels_of(given)
