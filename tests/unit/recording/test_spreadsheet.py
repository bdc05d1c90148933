"""Tables: what they look like, as spreadsheets leave them, and what is wrong with them."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from gymworker.errors import RecordingError
from gymworker.recording import header, read, read_header, write_csv, write_record

from tests.unit.codec.values import same
from tests.unit.recording.records import PLAYS, record

COLUMNS = "episode,seed,step,time_ms,action,reward,terminated,truncated,checksum"
ABOUT = header("Cart, Pole", {"python": "3.13.2", "packages": {"numpy": "2.2.5"}}, "c0de")


def table(*actions: list[Any]) -> str:
    """A table of an episode for each list of actions."""
    return write_csv(
        ABOUT,
        [write_record(record(each, episode=i, seed=7 + i)) for i, each in enumerate(actions)],
    )


def test_a_table_has_comments_on_top_and_a_row_for_each_step() -> None:
    assert table([0, 1], [1]).split("\r\n") == [
        "# gymworker recording: 2",
        '"# environment: Cart, Pole"',
        "# code: c0de",
        "# started: 2025-11-26T08:34:36Z",
        "# actions: int",
        "# version of python: 3.13.2",
        "# version of numpy: 2.2.5",
        COLUMNS,
        "0,7,0,0.0,,,,,4294967295",
        "0,7,1,50.0,0,0.0,false,false,4294967294",
        "0,7,2,100.0,1,0.5,true,false,4294967293",
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


def test_a_name_of_two_lines_stays_one_comment() -> None:
    text = write_csv(header("Cart\nPole\r\n#1"), [])
    assert text.split("\r\n")[1] == "# environment: Cart Pole #1"
    assert read_header(text)["environment"] == "Cart Pole #1"


def test_a_table_of_which_nothing_is_known_has_no_more_on_top_than_its_version() -> None:
    bare = record([0, "a"])
    del bare["code"], bare["startedAt"]
    text = write_csv({}, [write_record(bare)])
    assert text.split("\r\n")[:2] == ["# gymworker recording: 2", COLUMNS]


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


def test_a_comment_by_hand_needs_no_space() -> None:
    assert read_header("#environment:x\n" + COLUMNS)["environment"] == "x"


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
        ("", "line 1: expected the columns .*, got no table"),
        (COLUMNS.replace(",", ";"), "line 1: expected commas between the cells, got semicolons"),
        ("# x\n" + COLUMNS.replace(",", "\t"), "line 2: expected commas .*, got tabs"),
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
        ("# gymworker recording: 3\n" + TOP, "line 1: expected version 1 or 2 of .*, got 3"),
        ("# gymworker recording: x\n" + TOP, "line 1: expected a whole number for the version"),
        ("# actions: int\n" + TOP + "0,1,1,0,0.5,1.0,,,6\n", "line 6: the action is not .*int"),
        ("# actions: int\n" + TOP + "0,1,1,0,,1.0,,,6\n", "line 6: the action is not"),
        ("# actions: float32\n" + TOP + '0,1,1,0,"""a""",1.0,,,6\n', "line 6: the action is not"),
        ('"# actions: {""a"": ""int""}"\n' + TOP + '0,1,1,0,"{""b"":1}",1,,,6', "line 6: the "),
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
