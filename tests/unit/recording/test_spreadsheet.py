"""Tables: what they look like, as spreadsheets leave them, and what is wrong with them."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from gymworker.errors import RecordingError
from gymworker.recording import header, read, read_header, write_csv, write_record
from gymworker.recording.cells import whole

from tests.unit.codec.values import same
from tests.unit.recording.records import PLAYS, record

COLUMNS = "episode,seed,step,time_ms,action,reward,terminated,truncated,checksum"
ABOUT = header("Cart, Pole", {"python": "3.13.2", "packages": {"numpy": "2.2.5"}}, "c0de")


NOTES = (
    '"# episode {}: {{""startedAt"": 1764146076123.4, ""seconds"": {}, ""ended"": ""terminated""}}"'
)


def table(*actions: list[Any]) -> str:
    """A table of an episode for each list of actions."""
    return write_csv(
        ABOUT,
        [write_record(record(each, episode=i, seed=7 + i)) for i, each in enumerate(actions)],
    )


def test_a_table_has_comments_on_top_and_a_row_for_each_step() -> None:
    assert table([0, 1], [1]).split("\r\n") == [
        "# gymworker recording: 3",
        '"# environment: Cart, Pole"',
        "# code: c0de",
        "# started: 2025-11-26T08:34:36Z",
        "# actions: int",
        "# version of python: 3.13.2",
        "# version of numpy: 2.2.5",
        COLUMNS,
        NOTES.format(0, 0.1),
        "0,7,0,0.0,,,,,4294967295",
        "0,7,1,50.0,0,0.0,false,false,4294967294",
        "0,7,2,100.0,1,0.5,true,false,4294967293",
        NOTES.format(1, 0.05),
        "1,8,0,0.0,,,,,4294967295",
        "1,8,1,50.0,1,0.0,true,false,4294967294",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "kind", "cell"),
    [
        ("floats", "float", "0.5"),
        ("numpy ints", "int64", "0"),
        ("numpy bools", "bool", "true"),
        ("numpy floats", "float32", "0.10000000149011612"),
        ("arrays", "float32[2]", "[0.10000000149011612, -0.699999988079071]"),
        ("numpy floats with nan", None, '{"$value":0.1,"marks":[["n",["$value"],"float64"]]}'),
        ("arrays of ints", "int64[2x3]", "[[0, 1, 2], [3, 4, 5]]"),
        ("arrays with inf", None, '{"$value":[0.1,1.0],"marks":[["a",["$val'),
        ("dicts of dicts", '{"arm": {"x": "float32", "y": ""}}', '{"$value":{"arm":{"x":0.0,"y":['),
        ("dicts", '{"left": "int", "right": "int64"}', '{"left":0,"right":1}'),
        ("tuples", None, '{"$value":[0,1.5],"marks":[["t",["$value"]]]}'),
        ("lists", None, "[1,2.5]"),
        ("text", None, '"left"'),
        ("ints and bools", None, "0"),
        ("complex arrays", None, '{"$value":"0000000000000000000000000000f03f'),
        ("dicts of floats", '{"gas": "float", "brake": "float64"}', '{"gas":0.0,"brake":1.0}'),
        ("empty dicts", None, "{}"),
        ("nothing", None, None),
    ],
)
def test_the_kind_of_all_actions_stands_on_top(
    name: str, kind: str | None, cell: str | None
) -> None:
    rows = list(csv.reader(io.StringIO(table(PLAYS[name]))))
    comments = [row[0] for row in rows if row[0].startswith("# actions")]
    assert comments == ([] if kind is None else [f"# actions: {kind}"])
    if cell is not None:
        assert rows[-len(PLAYS[name])][4][:30] == cell[:30]


def test_the_cell_of_no_action_is_empty() -> None:
    rows = [row.split(",") for row in table([0, None, True]).split("\r\n") if row[:2] == "0,"]
    assert [row[4] for row in rows] == ["", "0", "", "true"]


def test_a_name_of_two_lines_stays_one_comment() -> None:
    text = write_csv(header("Cart\nPole\r\n#1"), [])
    assert text.split("\r\n")[1] == "# environment: Cart Pole #1"
    assert read_header(text)["environment"] == "Cart Pole #1"


def test_a_table_of_which_nothing_is_known_has_no_more_on_top_than_its_version() -> None:
    bare = record([0, "a"])
    for name in ("code", "startedAt", "seconds", "ended"):
        del bare[name]
    text = write_csv({}, [write_record(bare)])
    assert text.split("\r\n")[:2] == ["# gymworker recording: 3", COLUMNS]


def test_episodes_of_two_codes_have_none_on_top() -> None:
    two = [write_record(record([0], code=code, episode=i)) for i, code in enumerate("ab")]
    assert "# code" not in write_csv(ABOUT, two)
    assert "# code: a" in write_csv(ABOUT, two[:1])
    bare = record([0])
    del bare["code"], bare["startedAt"]
    assert "# code: c0de" in write_csv(ABOUT, [write_record(bare)])


def as_excel(text: str) -> str:
    """All rows as long as the longest, numbers as short as can be, bools in capitals."""
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        cells = [cell[:-2] if cell.endswith(".0") and cell != "-0.0" else cell for cell in row]
        cells = [cell.upper() if cell in ("true", "false") else cell for cell in cells]
        writer.writerow(cells + [""] * (9 - len(cells)))
    return "\ufeff" + out.getvalue() + ",,,,,,,,\r\n" * 3


def as_pandas(text: str) -> str:
    """Whole numbers with a point."""
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    for row in rows:
        csv.writer(out).writerow([cell + ".0" if cell.isdigit() else cell for cell in row])
    return out.getvalue()


def quoted(text: str) -> str:
    """Each cell quoted."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("save", [as_excel, as_pandas, quoted])
def test_a_table_that_a_spreadsheet_has_saved_reads_the_same(name: str, save: Any) -> None:
    if name in ("ints and bools", "anything") and save is as_pandas:
        return  # nothing says there that an action was an int
    first, again = read(table(PLAYS[name])), read(save(table(PLAYS[name])))
    assert same([each["actions"] for each in again], [each["actions"] for each in first])
    for field in ("episode", "seed", "steps", "code", "rewards", "flags", "checksums", "times"):
        assert [each[field] for each in again] == [each[field] for each in first]
    assert read_header(save(table(PLAYS[name])))["environment"] == "Cart, Pole"


def test_empty_lines_and_comments_may_stand_anywhere() -> None:
    lines = table([0, 1]).split("\r\n")
    text = "\n\n".join([",,,", "# mine", *lines[:8], "# and here", *lines[8:], " , ,"])
    assert read(text) == read(table([0, 1]))


def test_a_comment_by_hand_needs_no_space_and_no_quotes() -> None:
    assert read_header("#environment:x\n" + COLUMNS)["environment"] == "x"
    assert read_header("# environment: x, y\n" + COLUMNS)["environment"] == "x, y"


def test_a_blank_in_place_of_options_is_none() -> None:
    assert read(TOP.replace("0,,,,,5", "0, ,,,,5")) == read(TOP)


def test_a_table_without_comments_is_one_of_version_1() -> None:
    text = COLUMNS + '\n0,1,0,0,,,,,5\n0,1,1,1,"{""$tuple"": [1]}",1,FALSE,TRUE,6\n'
    (found,) = read(text)
    assert found["actions"] == [(1,)]
    assert found["flags"] == [[1, False, True]]
    assert "code" not in found


TOP = "# a comment\n\n" + COLUMNS + "\n0,1,0,0,,,,,5\n"  # the table begins in line 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n", "line 1: expected the columns episode.*, got a,b"),
        ("# x\n\n,,\na,b\n", "line 4: expected the columns episode"),
        ("# x\n", "line 1: expected the columns .*, got no table"),
        (TOP + "0,1,1,0,1,1.0,false,fal", "line 5: the file ends in the middle of a row"),
        (TOP + '0,1,1,0,"[1,', "line 5: the file ends in the middle of a row"),
        (TOP + "0,1,1,0,1,,,,6\n", "line 5: expected a reward, got ''"),
        (TOP + "# event: 5\n", "line 5: expected an event to be a list, got 5"),
        (TOP + "# episode 2: 5\n", "line 5: expected an object in JSON"),
        (TOP + "0,1,1,3,1,1,,,6\n0,1,0,0,,,,,5\n0,1,1,3,1,1,,,6\n", "line 6: episode 1"),
        (TOP + "0,1,2,0,1,1.0,false,false,6\n", "line 5: expected step 1, got 2"),
        (TOP + "\n0,1,1,0,1,1.0,,,6\n,,\n0,1,1,0,1,1.0,,,6\n", "line 8: expected step 2, got 1"),
        (TOP + "1,1,1,0,1,1.0,,,6\n", "line 5: expected step 0, with which an episode begins"),
        (TOP + "0,2,1,0,1,1.0,,,6\n", "line 5: expected step 0, with which an episode begins"),
        (COLUMNS + "\n0,1,1,0,1,1.0,,,6\n", "line 2: expected step 0, with .*, got 1"),
        (TOP + "1,1,0,0,what,,,,5\n", "line 5: expected a value in JSON, got what"),
        (TOP + "0,1\n", "line 5: expected 9 columns, got 2"),
        (TOP + "0,1,1,0,1,1.0,,,6,7\n", "line 5: expected 9 columns, got 10"),
        (TOP + "0,1,1,0,what,1.0,,,6\n", "line 5: expected a value in JSON, got what"),
        (TOP + '0,1,1,0,"[1,1.0,,,6\n', "line 5: a quoted cell does not end"),
        (TOP + '0,1,1,0,"1"2,1.0,,,6\n', "line 5: a quoted cell does not end"),
        (TOP + "0,x,1,0,1,1.0,,,6\n", "line 5: expected a whole number for seed, got 'x'"),
        (TOP + ",1,1,0,1,1.0,,,6\n", "line 5: expected a whole number for episode, got ''"),
        (TOP + "0,1.5,1,0,1,1.0,,,6\n", "line 5: expected a whole number for seed, got '1.5'"),
        (TOP + "0,1,1,0,1,1.0,,,1E+09\n", "line 5: .* for checksum, got '1E\\+09': a spreadsheet"),
        ("# gymworker recording: 4\n" + TOP, "line 1: expected version 1, 2 or 3 .* got 4: a "),
        ("# gymworker recording: x\n" + TOP, "line 1: expected a whole number for the version"),
        ("# actions: int\n" + TOP + "0,1,1,0,0.5,1.0,,,6\n", "line 6: the action is not .*int"),
        ("# actions: int\n" + TOP + "0,1,1,0,,1.0,,,6\n", "line 6: the action is not"),
        ("# actions: int\n" + TOP + "0,1,1,0,1e999,1.0,,,6\n", "line 6: the action is not"),
        ("# actions: int8\n" + TOP + "0,1,1,0,300,1.0,,,6\n", "line 6: the action is not"),
        ("# actions: float32\n" + TOP + '0,1,1,0,"""a""",1.0,,,6\n', "line 6: the action is not"),
        ('"# actions: {""a"": ""int""}"\n' + TOP + '0,1,1,0,"{""b"":1}",1,,,6', "line 6: the "),
        ('# actions: {"a": "int"}\n' + TOP + "0,1,1,0,5,1,,,6\n", "line 6: the action is not"),
        ('# actions: {"a": 5}\n' + TOP + '0,1,1,0,"{""a"": 1}",1,,,6\n', "line 6: the action is"),
        ('"# actions: {""a"" ""int""}"\n' + TOP, "line 1: expected an object in JSON"),
    ],
)  # fmt: skip
def test_a_broken_table_names_the_line(text: str, words: str) -> None:
    with pytest.raises(RecordingError, match="^" + words):
        read(text)


def test_arrays_of_a_table_can_be_written_to() -> None:
    (found,) = read(table(PLAYS["arrays"]))
    found["actions"][0] *= 2
    assert found["actions"][1].tolist() == np.array([1.0, 0.0]).tolist()


def test_notes_and_events_of_an_episode_come_back() -> None:
    events = [[-5.5, "key", 'a, "b"\n;é', "down"], [0.0, "fps", 20.0], [3.5, "hidden"]]
    fields = record([0, 1], players={"left": "human", "right": "policy"}, events=events)
    more = record([1], episode=1, players="human", events=[])
    visitor = {"participant": "p, 7", "study": "s", "session": "", "browser": "Firefox/1"}
    about = header("x", visitor=visitor)
    text = write_csv(about, [write_record(fields), write_record(more)])
    for made in (text, text.replace("\r\n", "\n"), as_excel(text)):
        first, second = read(made)
        for name in ("events", "players", "startedAt", "seconds", "ended"):
            assert first[name] == fields[name]
        assert (second["players"], "events" in second) == ("human", False)
        found = read_header(made)
        assert (found["participant"], found["browser"]) == ("p, 7", "Firefox/1")
        assert "session" not in found


def as_german(text: str) -> str:
    """Semicolons, commas in numbers, and its words for bools."""
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for row in rows:
        cells = [{"true": "WAHR", "false": "FALSCH"}.get(cell, cell) for cell in row]
        if row[0][:1] != "#":
            cells = [c.replace(".", ",") if c.strip("-.0123456789") == "" else c for c in cells]
        writer.writerow(cells + [""] * (9 - len(cells)))
    return "\ufeff" + out.getvalue()


@pytest.mark.parametrize("save", [as_german, lambda text: as_german(text).replace(";", "\t")])
@pytest.mark.parametrize("name", ["ints", "floats", "arrays", "numpy floats", "dicts", "tuples"])
def test_semicolons_and_tabs_read_the_same(name: str, save: Any) -> None:
    text = table(PLAYS[name], PLAYS[name])
    first, again = read(text), read(save(text))
    assert same(again, first)
    assert read_header(save(text))["environment"] == "Cart, Pole"


@pytest.mark.parametrize("na", ["", "NaN", "NA"])
def test_a_table_that_pandas_has_written_reads_the_same(na: str) -> None:
    """As `pandas.read_csv(file, comment="#").to_csv(index=False)` makes it."""
    first = read(table([0, 1, 1], [1]))
    lines = [COLUMNS]
    for line in table([0, 1, 1], [1]).split("\r\n")[8:]:
        if line and line[:1] not in ("#", '"'):
            cells = line.split(",")
            bools = [cell.capitalize() for cell in cells[6:8]]
            action = cells[4] + ".0" if cells[4] else ""
            cells = [*cells[:4], action, cells[5], *bools, cells[8] + ".0"]
            lines.append(",".join([cell or na for cell in cells]))
    again = read("\n".join(lines) + "\n")
    for field in ("seed", "steps", "rewards", "flags", "checksums", "times"):
        assert [each[field] for each in again] == [each[field] for each in first]
    assert same([each["actions"] for each in again], [each["actions"] for each in first])


@pytest.mark.parametrize(
    ("cell", "number"),
    [("7.0", 7), ("7e0", 7), ("1.0e+00", 1), ("4.169017231e+09", 4169017231), ("-2.50e1", -25)],
)
def test_whole_numbers_may_be_written_with_powers(cell: str, number: int) -> None:
    assert whole(cell, "seed", 1) == number
    for rounded in ("4.17E+09", "1e3", "7e-1", "1e999999999", "e5", ".+5e2", ".-5e2", "1.5"):
        with pytest.raises(RecordingError, match="^line 1: expected a whole number for seed"):
            whole(rounded, "seed", 1)


def test_an_episode_of_a_table_that_has_no_row_but_the_first_has_no_step() -> None:
    (only,) = read(table([]))
    assert (only["steps"], only["actions"], len(only["checksums"])) == (0, [], 1)


def test_an_episode_keeps_its_number_and_what_has_no_time_an_empty_cell() -> None:
    fields = record([1, 0, 1], episode=5)
    fields["times"] = fields["times"][:2]
    text = write_csv(ABOUT, [write_record(fields)])
    rows = [row.split(",") for row in text.split("\r\n") if row[:1] == "5"]
    assert [row[2:4] for row in rows] == [["0", "0.0"], ["1", "50.0"], ["2", "100.0"], ["3", ""]]
    (only,) = read(text)
    assert (only["episode"], only["times"]) == (5, [50.0, 100.0, None])


def test_a_comment_of_somebody_else_says_nothing_of_the_recording() -> None:
    text = table([0]).replace("# code", "# note: by hand\r\n# code", 1)
    assert read_header(text) == read_header(table([0]))
    assert "note" not in read_header(text)
