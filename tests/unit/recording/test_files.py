"""Recordings as files: what is written comes back, of every kind of action, and old files too."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gymworker.errors import EncodeError, RecordingError
from gymworker.recording import (
    checksum,
    header,
    read,
    read_header,
    read_record,
    record,
    write_csv,
    write_lines,
    write_record,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codec.values import same, values
from tests.unit.recording.odd import Odd
from tests.unit.recording.records import PLAYS
from tests.unit.recording.records import record as record_of
from tests.unit.worker.play.games import Counter, Pair

FILES = Path(__file__).with_name("files")
ABOUT = header("Cart, Pole", {"protocol": 1, "python": "3.13.2", "packages": {"numpy": "2"}}, "c")


def in_csv(record: dict[str, Any]) -> dict[str, Any]:
    """What a CSV file keeps of a record."""
    names = ["episode", "seed", "steps", "actions", "rewards", "flags", "checksums", "times"]
    names += ["startedAt", "seconds", "ended"]
    kept = {name: record[name] for name in names}
    return {"formatVersion": 3, **kept, "code": "c0de"}


@pytest.mark.parametrize("name", PLAYS)
def test_a_record_comes_back_from_its_line(name: str) -> None:
    fields = record_of(PLAYS[name])
    line = write_record(fields)
    assert "\n" not in line
    expected = {"formatVersion": 3, **fields}
    assert same(read_record(line), expected)
    assert same(read_record(np.frombuffer(line.encode(), np.uint8)), expected)
    assert same(read_record(json.loads(line)), expected)
    assert same(read_record(read_record(line)), expected)
    (again,) = read(write_lines(ABOUT, [line]))
    assert same(again, expected)
    (again,) = read(write_lines(ABOUT, [again]))
    assert same(again, expected)


@pytest.mark.parametrize("name", PLAYS)
def test_a_record_comes_back_from_a_table(name: str) -> None:
    fields = record_of(PLAYS[name])
    text = write_csv(ABOUT, [write_record(fields)])
    (back,) = read(text)
    assert same(back, in_csv(fields))
    assert write_csv(ABOUT, [back]).split("episode,")[1] == text.split("episode,")[1]


@pytest.mark.parametrize("name", PLAYS)
def test_episodes_of_many_kinds_share_a_table(name: str) -> None:
    several = [record_of(PLAYS["ints"]), record_of(PLAYS[name], episode=1, seed=8)]
    back = read(write_csv(ABOUT, [write_record(each) for each in several]))
    assert same(back, [in_csv(each) for each in several])


@settings(deadline=2000)
@given(st.lists(values(), max_size=4))
def test_any_actions_come_back(actions: list[Any]) -> None:
    line = write_record(record_of(actions))
    assert same(read_record(line)["actions"], actions)
    assert same(read(write_csv(ABOUT, [line]))[0]["actions"], actions)


def test_agents_of_any_kind_have_rewards_flags_and_returns() -> None:
    for one, other in (("left", "right"), (0, 1), ((0, "a"), (1, "b"))):
        fields = record_of(
            [{one: 0, other: 1}, {other: 1}],
            rewards=[{one: 1.0, other: float("nan")}, {other: -0.5}],
            returns={one: 1.0, other: -0.5},
            flags=[[1, {one: True, other: False}, {one: False, other: False}]],
            terminated={one: True, other: False},
        )
        line = write_record(fields)
        assert same(read_record(line), {"formatVersion": 3, **fields})
        assert same(read(write_csv(ABOUT, [line])), [in_csv(fields)])


def test_rewards_by_agent_stand_as_columns() -> None:
    rewards = [{"left": 1.0, "right": i / 2} for i in range(3)]
    line = write_record(record_of(PLAYS["dicts"], rewards=rewards))
    assert json.loads(line)["rewards"] == {"left": [1.0] * 3, "right": [0.0, 0.5, 1.0]}
    assert read_record(line)["rewards"] == rewards


def test_a_record_of_plain_values_is_plain_json() -> None:
    fields = record_of([0, 1])
    assert json.loads(write_record(fields)) == {"formatVersion": 3, **fields}


def test_like_actions_stand_as_one_array() -> None:
    line = json.loads(write_record(record_of(PLAYS["numpy ints"])))
    assert line["actions"] == [0, 1, 2, 3]
    assert line["marks"] == [["a", ["actions"], "int64", [4]]]
    actions = [{"a": np.zeros(2, "f4"), "b": i} for i in range(50)]
    line = json.loads(write_record(record_of(actions)))
    assert line["actions"] == {"a": "00" * 4 * 100, "b": list(range(50))}


def test_what_cannot_stand_in_a_record_is_named() -> None:
    with pytest.raises(EncodeError, match=r"^actions\[1\]: object cannot"):
        write_record(record_of([0, object()]))


def test_ten_minutes_are_small() -> None:
    steps = 600 * 60
    rewards = [1.0] * steps
    checksums = list(range(4 * 10**9, 4 * 10**9 + steps + 1))
    times = [round(i * 16.667, 1) for i in range(steps)]
    fields = {"seed": 1, "rewards": rewards, "flags": [], "checksums": checksums, "times": times}
    line = write_record({**fields, "actions": [0] * steps})
    assert len(line) < 27.5 * steps
    boxes = list(np.random.default_rng(0).random((steps, 2), np.float32))
    assert len(write_record({**fields, "actions": boxes})) < 41.5 * steps
    tracemalloc.start()
    read_record(line)
    assert tracemalloc.get_traced_memory()[1] < 300 * steps
    tracemalloc.stop()


def test_a_file_of_lines_comes_back() -> None:
    lines = [write_record(record_of([0, 1])), write_record(record_of([1], seed=2**40))]
    text = write_lines(ABOUT, lines)
    assert text.count("\n") == 3
    back = read(text)
    assert back == [read_record(line) for line in lines]
    for changed in (text.replace("\n", "\r\n"), "\ufeff" + text, "\n \n" + text, text.encode()):
        assert read(changed) == back
        assert read_header(changed) == ABOUT


def test_a_record_without_a_number_has_that_of_its_place() -> None:
    fields = record_of([0])
    del fields["episode"], fields["times"]
    lines = [write_record(fields)] * 2
    assert "episode" not in read(write_lines(ABOUT, lines))[1]
    numbered = write_record(record_of([0], episode=7))
    back = read(write_csv(ABOUT, [*lines, numbered]))
    assert [each["episode"] for each in back] == [1, 2, 7]
    assert back[0]["times"] == [None]


@pytest.mark.parametrize("options", [{"level": 3}, {"size": (1, 2)}, {"start": np.zeros(2)}])
def test_the_options_of_the_reset_come_back(options: Any) -> None:
    line = write_record(record_of(PLAYS["arrays"], options=options))
    assert same(read_record(line)["options"], options)
    assert same(read(write_csv(ABOUT, [line]))[0]["options"], options)
    assert "options" not in read(write_csv(ABOUT, [write_record(record_of([1]))]))[0]


def test_the_top_of_a_file_is_read_alone() -> None:
    assert read_header(write_lines(ABOUT, ["{broken"])) == ABOUT
    text = write_csv(ABOUT, [write_record(record_of([0, 1]))]) + "broken"
    assert read_header(text) == {
        "format": "gymworker recording",
        "formatVersion": 3,
        "environment": "Cart, Pole",
        "code": "c0de",
        "started": "2025-11-26T08:34:36Z",
        "actions": "int",
        "versions": {"protocol": "1", "python": "3.13.2", "numpy": "2"},
    }


@pytest.mark.parametrize("end", ["jsonl", "csv"])
@pytest.mark.parametrize(
    ("name", "env"), [("counter", Counter()), ("pair", Pair()), ("odd", Odd())]
)
def test_a_recording_of_version_1_replays(name: str, env: Any, end: str) -> None:
    for episode in read((FILES / f"{name}-1.{end}").read_bytes()):
        obs, _ = env.reset(seed=episode["seed"])
        assert checksum(obs) == episode["checksums"][0]
        assert len(episode["actions"]) == len(episode["rewards"]) > 3
        flags = {step: flags for step, *flags in episode["flags"]}
        for step, action in enumerate(episode["actions"], 1):
            obs, reward, terminated, truncated, _ = env.step(action)
            assert checksum(obs) == episode["checksums"][step], step
            assert reward == episode["rewards"][step - 1]
            assert step not in flags or [terminated, truncated] == flags[step]
        assert step in flags


@pytest.mark.parametrize("name", ["counter", "pair", "odd"])
def test_a_recording_of_version_1_can_be_saved_in_this_one(name: str) -> None:
    old = (FILES / f"{name}-1.jsonl").read_text("utf-8")
    about, records = read_header(old), read(old)
    lines = old.split("\n")[1:-1]
    for made in (write_lines(header(name), records), write_lines(about, lines)):
        assert same(read(made), records)
    in_table = read(write_csv(header(name), lines))
    for key in ("actions", "rewards", "flags", "checksums", "times"):
        assert same([item[key] for item in in_table], [item[key] for item in records])


GOOD = '{"seed": 1, "actions": [], "rewards": [], "flags": [], "checksums": [1]}'
NEWER = (
    '{"formatVersion": 2, "actions": [], "rewards": [], "flags": [], "checksums": [1], "seed": 1}'
)
TOP = json.dumps(header("x")) + "\n"
WHOLE = (
    '{"episode": 3, "seed": 1, "actions": [0], "rewards": [0], "flags": [], "checksums": [1, 2],'
    ' "times": [5], "startedAt": 17}'
)
STRANGE = GOOD.replace('"actions": []', '"actions": [{"$array": [1], "dtype": "x"}]')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": "other"}', "line 1: the first line has no format: gymworker recording"),
        (TOP.replace("3", "9"), "line 1: expected version 1, 2 or 3 of the format, got 9"),
        ("{nonsense", "line 1: expected an object in JSON"),
        ("\n\r\n  {nonsense", "line 3: expected an object in JSON"),
        (TOP + GOOD + "\n\n" + NEWER + "\n{broken\n", "line 5: expected an object in JSON"),
        (TOP + "[1]\n", "line 2: .*list rather than an object"),
        (TOP + "{}\n", "line 2: the episode has no seed, actions"),
        (TOP + GOOD.replace("[1]", "[]"), "line 2: expected as many rewards as actions and one"),
        (TOP + "\n" + GOOD.replace('wards": []', 'wards": [1]'), "line 3: .* got 0 actions, 1"),
        (TOP + GOOD.replace('"seed": 1', '"seed": "1"'), "line 2: expected seed to be an int"),
        (TOP + GOOD.replace('"seed": 1', '"seed": true'), "line 2: expected seed to be an int"),
        (TOP + GOOD.replace("[1]", "1"), "line 2: expected checksums to be a list"),
        (TOP + GOOD.replace("[1]", "[1.5]"), "line 2: expected checksums to be ints, got 1.5"),
        (TOP + GOOD.replace('"flags": []', '"flags": [7]'), r"line 2: expected flags to be \[step"),
        (TOP + GOOD.replace('"flags": []', '"flags": [[7]]'), r"line 2: expected flags to be \["),
        (TOP + NEWER.replace("n\": 2", "n\": 4"), "line 2: expected version 1, 2 or 3.*: a newer"),
        (TOP + NEWER.replace("}", ', "marks": [["zz", ["seed"]]]}'), "line 2: the episode cannot"),
        (TOP + NEWER.replace('"actions": []', '"actions": 3'), "line 2: the episode cannot"),
        (TOP + STRANGE, "line 2: the episode cannot be read"),
        (b"\xff\xfea\x00", "line 1: expected the columns"),
        (b"\xff\xfe\x00\xd8", "expected JSON Lines or CSV in UTF-8, got text in UTF-16 that"),
        (b"\xff\xfe\xff", "expected JSON Lines or CSV in UTF-8, got text in UTF-16 that"),
        (b"M\xfcller", "expected JSON Lines or CSV in UTF-8, got what is no text in UTF-8; save"),
        (b"PK\x03\x04\x14", "expected JSON Lines or CSV in UTF-8, got a ZIP .*spreadsheet as CSV"),
        (b"\x1f\x8b\x08", "expected JSON Lines or CSV in UTF-8, got a file that gzip has packed"),
        (b"\x89PNG\r\n", "expected JSON Lines or CSV in UTF-8, got a picture"),
        (b"", "expected JSON Lines or CSV in UTF-8, got an empty file"),
        ("\ufeff \n\t\n", "expected JSON Lines or CSV in UTF-8, got an empty file"),
        (" <!doctype html><p>", "expected JSON Lines or CSV in UTF-8, got a page in HTML"),
        ("[1, 2]", "expected JSON Lines or CSV in UTF-8, got a list in JSON"),
        ('{"a": 1}', "line 1: the first line has no format: .* JSON of something else"),
        (TOP + GOOD[:40], "line 2: the file ends in the middle of an episode"),
        (TOP + GOOD + "\n" + GOOD[:40], "line 3: the file ends in the middle of an episode"),
        (TOP + GOOD + "\n" + json.dumps(header("y")) + "\n", "line 3: another file begins"),
        (TOP + WHOLE + "\n" + GOOD + "\n" + WHOLE, "line 4: episode 4 stands here twice"),
        ("\x00\x01", "expected JSON Lines or CSV in UTF-8"),
    ],
)  # fmt: skip
def test_a_broken_file_of_lines_names_the_line(text: Any, words: str) -> None:
    with pytest.raises(RecordingError, match="^" + words):
        read(text)


def test_two_files_in_one_are_read_and_utf_16_too() -> None:
    lines = [write_record(record_of([0, 1], episode=number)) for number in (1, 2, 1)]
    one, two = (write_lines(ABOUT, some) for some in (lines[:2], lines[2:]))
    with pytest.raises(
        RecordingError, match="^line 5: episode 1 stands here twice, first in line 2"
    ):
        read(one + two)
    later = write_record(record_of([0, 1], startedAt=5))
    assert len(read(one + write_lines(ABOUT, [later]))) == 3
    for made in (one, write_csv(ABOUT, lines[:2])):
        assert same(read(made.encode("utf-16")), read(made))
        assert same(read(("\ufeff" + made).encode("utf-16-be")), read(made))


@pytest.mark.parametrize("version", [1, 2])
def test_older_files_count_episodes_from_0(version: int) -> None:
    old = json.loads(write_record(record_of([0], episode=0)))
    old["formatVersion"] = version
    top = json.dumps({**ABOUT, "formatVersion": version})
    assert read(top + "\n" + json.dumps(old))[0]["episode"] == 1
    assert read_record(read_record(old))["episode"] == 1
    table = write_csv(ABOUT, [write_record(record_of([0], episode=0))])
    assert read(table)[0]["episode"] == 0
    assert read(table.replace("recording: 3", f"recording: {version}"))[0]["episode"] == 1


def test_a_file_that_is_too_large_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_CHARACTERS", 1 << 20)
    for data in ("x" * ((3 << 20) + 1), np.zeros(3 << 20, np.uint8)):
        with pytest.raises(RecordingError, match="^expected at most 1 MB, got 3 MB: cut the file"):
            read(data)
    text = write_lines(ABOUT, [write_record(record_of([0]))])
    monkeypatch.setattr(record, "MOST_CHARACTERS", len(text))
    assert len(read(text)) == 1


def test_a_header_needs_no_more_than_a_name() -> None:
    assert header("x") == {
        "format": "gymworker recording",
        "formatVersion": 3,
        "environment": "x",
        "versions": {},
        "code": "",
    }


def test_a_line_that_is_no_json_says_what_json_has_against_it() -> None:
    with pytest.raises(RecordingError, match="expected an object in JSON: Expecting ',' delim"):
        read_record('{"seed": 1 "steps": 2}')
