"""What an address asks for: whatever stands there, the page begins."""

from typing import Any

import pytest
from app import links

NAMES = ["CartPole", "Taxi", "Une très longue partie"]


def wanted(fragment: str = "", **parameters: str) -> Any:
    return links.Wanted(parameters, fragment, NAMES)


def test_an_address_names_environment_seed_and_speed() -> None:
    asked = wanted(env="Taxi", seed="3", speed="0.5")
    assert (asked.env, asked.seed, asked.speed, asked.ignored) == ("Taxi", "3", "0.5", "")
    assert not asked.dev
    assert not asked.embed


def test_an_address_that_asks_for_nothing_is_no_problem() -> None:
    asked = wanted()
    assert (asked.env, asked.seed, asked.speed, asked.ignored) == (None, "", "1", "")


@pytest.mark.parametrize("name", ["taxi", " Taxi", "TAXI"])
def test_names_are_found_whatever_their_case(name: str) -> None:
    assert wanted(env=name).env == "Taxi"


@pytest.mark.parametrize(
    "text",
    [
        'FrozenLake-v1(map_name="8x8",is_slippery=False)',
        "FrozenLake-v1( is_slippery = False, map_name='8x8' )",
    ],
)
def test_an_address_may_ask_for_any_of_gymnasium_s(text: str) -> None:
    asked = wanted(gym=text, seed="3")
    assert asked.env == 'FrozenLake-v1(is_slippery=False, map_name="8x8")'
    assert (asked.seed, asked.ignored) == ("3", "")
    assert links.settings(asked.env, NAMES, "3", "1") == [("gym", asked.env), ("seed", "3")]
    assert wanted("Taxi", gym=text).env == "Taxi"  # it was typed last


def test_older_links_name_the_environment_after_the_hash() -> None:
    assert wanted("Taxi").env == wanted("taxi").env == "Taxi"
    assert wanted("Taxi", env="CartPole").env == "Taxi"  # it was typed last
    assert wanted("Taxi", env="Nowhere").env == "Taxi"
    assert wanted("Taxi", env="Nowhere").ignored == ""
    assert wanted("top", env="CartPole").env == "CartPole"
    assert wanted("top", env="CartPole").ignored == ""


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"env": "Nowhere"}, "there is no environment “Nowhere”"),
        ({"fragment": "50%"}, "there is no environment “50%”"),
        ({"env": "x" * 500}, "there is no environment “" + "x" * 39 + "…”"),
        ({"seed": "-1"}, "a seed is a whole number from 0, not “-1”"),
        ({"seed": "many"}, "not “many”"),
        ({"seed": "1" * 400}, "a seed is a whole number"),
        ({"seed": "99999999999999999999"}, "a seed is a whole number"),
        (
            {"gym": "Taxi"},
            "expected an id with its version, such as CartPole-v1",
        ),
        ({"gym": "Taxi-v4(is_raining=)"}, "expected a value such as 3, "),
        ({"speed": "3"}, "a speed is one of 0.25, 0.5, 1, 2, 4, not “3”"),
        ({"speed": "99"}, "not “99”"),
        ({"speed": "nan"}, "not “nan”"),
        ({"speed": "fast"}, "not “fast”"),
    ],
)
def test_what_cannot_be_done_is_ignored_with_one_line(
    parameters: dict[str, str], said: str
) -> None:
    asked = wanted(**parameters)
    assert said in asked.ignored
    assert "\n" not in asked.ignored
    assert (asked.env, asked.seed, asked.speed) == (None, "", "1")


def test_what_is_good_counts_beside_what_is_bad() -> None:
    asked = wanted(env="Taxi", seed="much")
    assert (asked.env, asked.seed, asked.speed) == ("Taxi", "", "1")
    assert asked.ignored.startswith("The address was read in part: a seed is")
    asked = wanted(env="Taxi", seed="x", speed="2")
    assert (asked.env, asked.seed, asked.speed) == ("Taxi", "", "2")
    assert asked.ignored.count("The address was read in part") == 1


@pytest.mark.parametrize(
    ("value", "on"), [("", True), ("1", True), ("true", True), ("0", False), ("No", False)]
)
def test_flags_need_no_value(value: str, on: bool) -> None:
    assert wanted(dev=value).dev is on
    assert wanted(embed=value).embed is on


def test_a_link_has_what_was_set_and_nothing_else() -> None:
    assert links.settings("Taxi", NAMES, "", "1") == [("env", "Taxi")]
    expected = [("env", "Taxi"), ("seed", "3"), ("speed", "0.5")]
    assert links.settings("Taxi", NAMES, "3", "0.5") == expected
    assert wanted(**dict(expected)).ignored == ""
