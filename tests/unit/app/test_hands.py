"""The buttons of a game: which keys share one, where they go, what they are called."""

from app.keys.hands import hands

from tests.unit.app.events import control, one_hand


def same(key: str) -> str:
    return key


def test_keys_with_one_action_share_a_button_and_directions_form_a_cross() -> None:
    hand = one_hand(
        control("ArrowLeft", 0, "Push left"),
        control("a", 0),
        control("ArrowRight", 1),
        control("f", 2),
    )
    left, right, fire = hand.buttons
    assert [(one.keys, one.others, one.side) for one in (left, right, fire)] == [
        (["ArrowLeft"], ["a"], "left"),
        (["ArrowRight"], [], "right"),
        (["f"], [], ""),
    ]
    assert hand.loose == [fire]
    assert hand.at("left") is left
    assert hand.at("") is None


def test_a_button_is_called_by_its_label_and_its_key() -> None:
    hand = one_hand(control("p", 4, "Pick up"), control("ArrowUp", 1, "Up"), control("q", 2))
    assert [button.name(same) for button in hand.buttons] == ["Pick up (P)", "Up (Up arrow)", "Q"]
    assert [button.caps(same) for button in hand.buttons] == ["P", "↑", "Q"]
    assert hand.buttons[0].name({"p": "j"}.get) == "Pick up (J)"


def test_a_combination_needs_no_button_where_its_keys_have_some() -> None:
    hand = one_hand(
        control("a", 0), control("w", 1), control(["a", "w"], 2), control(["x", "y"], 3)
    )
    assert [button.keys for button in hand.buttons] == [["a"], ["w"], ["x", "y"]]
    assert hand.buttons[2].name(same) == "X and Y"


def test_players_come_in_the_order_of_the_game() -> None:
    order = hands([control("a", 0, agent="zoe"), control("b", 0, agent="adam")])
    assert [hand.agent for hand in order] == ["zoe", "adam"]
