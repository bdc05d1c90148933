"""Who holds which key, and how far: the one who presses most counts."""

from tests.unit.app.events import Told


def test_the_farthest_of_those_who_press_a_key_counts() -> None:
    told = Told()
    told.holds.hold("stick", "a", 1.0, 0.25)
    told.holds.hold("key", "a", 2.0)
    told.holds.hold("stick", "a", 3.0, 0.5)
    told.holds.release("key", "a", 4.0)
    told.holds.hold("stick", "a", 5.0, 0.75)
    told.holds.release("stick", "a", 6.0)
    assert told.amounts == [0.25, 1, 0.5, 0.75, 0]
    assert told.times == [1.0, 2.0, 4.0, 5.0, 6.0]
    assert told == ["+a", "+a", "+a", "+a", "-a"]


def test_what_stays_as_it_is_is_not_told_again() -> None:
    told = Told()
    for _ in range(3):
        told.holds.hold_only("stick", ["a", "d"], None, {"a": 0.5, "d": 1})
    assert sorted(told) == ["+a", "+d"]
    told.holds.hold_only("stick", ["d"], None, {"d": 1})
    assert told[2:] == ["-a"]
