"""Files of the page: safe names, who played, what is too large or belongs elsewhere."""

import pytest
from app.files import LARGEST, LONGEST_ID, belongs, file_name, too_large, visitor_of

WHEN = (2026, 11, 6, 14, 5, 1)


@pytest.mark.parametrize(
    ("environment", "seed", "when", "name"),
    [
        ("Taxi", 7, WHEN, "taxi-seed7-20261106-140501.csv"),
        ("Frozen Lake (4x4)!", 0, WHEN, "frozen-lake-4x4-seed0-20261106-140501.csv"),
        ("../../etc/passwd\x00", None, None, "etc-passwd.csv"),
        ("سيارة", 3, None, "recording-seed3.csv"),
        ("x" * 500, 2**31, WHEN, "x" * 60 + "-seed2147483648-20261106-140501.csv"),
        ("CON", None, WHEN, "con-20261106-140501.csv"),
        ("", None, None, "recording.csv"),
    ],
)
def test_names_of_files_are_safe(environment: str, seed: object, when: object, name: str) -> None:
    assert file_name(environment, seed, when, ".csv") == name


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ([("participant", "p 7"), ("session", "2")], {"participant": "p 7", "session": "2"}),
        ([("PROLIFIC_PID", "a"), ("STUDY_ID", "b"), ("SESSION_ID", "c")],
         {"participant": "a", "study": "b", "session": "c"}),
        ([("workerId", "a"), ("assignmentId", "b"), ("hitId", "c")],
         {"participant": "a", "session": "b", "study": "c"}),
        ([("PROLIFIC_PID", "theirs"), ("participant", "ours")], {"participant": "ours"}),
        ([("participant", " "), ("env", "Taxi")], {}),
        ([("participant", "a\r\n# b\tc")], {"participant": "a  # b c"}),
        ([("participant", "x" * 999)], {"participant": "x" * LONGEST_ID}),
    ],
)  # fmt: skip
def test_the_address_says_who_plays(parameters: object, found: object) -> None:
    assert visitor_of(parameters, "") == found
    assert visitor_of(parameters, "Firefox\n1")["browser"] == "Firefox 1"


def test_what_is_too_large_or_of_elsewhere_says_so() -> None:
    assert "at most 64 MB, got 65.0 MB" in too_large(LARGEST + (1 << 20))
    assert belongs("Taxi", ["Taxi"]) == belongs("", ["Taxi"]) == belongs(None, []) == ""
    assert belongs("Cart\n", ["Taxi", "Pond"]).endswith(
        "which this page has not; it has Taxi, Pond."
    )
    assert belongs('FrozenLake-v1(map_name="8x8")', ["Taxi"]) == ""
    assert belongs("FrozenLake-v1(map_name)", ["Taxi"]) != ""
    assert len(belongs("x" * 999, ["Taxi"])) < 200
