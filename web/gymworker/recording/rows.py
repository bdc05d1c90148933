"""The rows of a recording in CSV, as they become episodes again. Runs everywhere."""

from ..errors import RecordingError
from .cells import PYTHONS, maker, value_of, whole
from .record import FORMAT_VERSION, Twins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .record import Record

COLUMNS = (
    "episode",
    "seed",
    "step",
    "time_ms",
    "action",
    "reward",
    "terminated",
    "truncated",
    "checksum",
)
NO_REWARD = "null"
"""The cell of the reward None: an empty one is what others made of a number."""

NOTES = ("startedAt", "seconds", "ended", "players")
"""What stands above the rows of an episode."""


def cut_off(line: int) -> RecordingError:
    """Return the error of a file that breaks off in a row."""
    return RecordingError(
        "the file ends in the middle of a row, as after a download that broke off: delete this line"
        " to replay what is before it",
        line,
    )


class Rows:
    """The rows of the table, episode by episode."""

    def __init__(self, about: "dict[str, Any]") -> None:
        self._code = about.get("code")
        self._first = 1 if about.get("formatVersion", 1) < 3 else 0  # older ones count from 0
        self._make_action = maker(about.get("actions", ""))
        self._kind_known = "actions" in about
        self._from_python = False
        self._notes: dict[str, Any] = {}
        self._records: list[Record] = []
        self._lines: list[int] = []

    def note(self, notes: "dict[str, Any]") -> None:
        """Keep what is said of the episode whose rows follow."""
        self._notes = {name: notes[name] for name in NOTES if name in notes}

    def note_event(self, text: str, line: int) -> None:
        """Keep an event of the episode whose rows follow."""
        event = value_of(text, line)
        if not isinstance(event, list):
            raise RecordingError("expected an event to be a list, got " + text[:80], line)
        self._notes.setdefault("events", []).append(event)

    def add(self, cells: "list[str]", line: int, cut: bool) -> None:
        """Add a row to the episode that it continues, or begins.

        Args:
            cells: of it.
            line: where it stands.
            cut: whether the file ends without the end of this line.
        """
        if len(cells) != len(COLUMNS):
            if cut and len(cells) < len(COLUMNS):
                raise cut_off(line)
            raise RecordingError(
                "expected " + str(len(COLUMNS)) + " columns, got " + str(len(cells)), line
            )
        episode, seed, step, checksum = [
            whole(cells[index], COLUMNS[index], line) for index in (0, 1, 2, 8)
        ]
        episode += self._first
        if step == 0:
            options = value_of(cells[4], line) if cells[4].strip() else None
            self._begin(episode, seed, options, checksum, line)
            return
        record = self._records[-1] if self._records else {}
        if (record.get("episode"), record.get("seed")) != (episode, seed):
            raise RecordingError(
                "expected step 0, with which an episode begins, got " + str(step), line
            )
        expected = len(record["actions"]) + 1
        if step != expected:
            raise RecordingError("expected step " + str(expected) + ", got " + str(step), line)
        when, action, reward, terminated, truncated = [value_of(cell, line) for cell in cells[3:8]]
        if reward is None and cells[5] != NO_REWARD:
            raise RecordingError("expected a reward, got " + repr(cells[5]), line)
        self._from_python = self._from_python or cells[6] in PYTHONS
        record["steps"] = step
        record["actions"].append(self._action(action, line))
        record["rewards"].append(reward)
        record["checksums"].append(checksum)
        record["times"].append(when)
        if terminated or truncated:
            record["flags"].append([step, _flag(terminated), _flag(truncated)])

    def finish(self) -> "list[Record]":
        """Return the episodes.

        Raises:
            RecordingError: one of them stands there twice.
        """
        twins = Twins()
        for record, line in zip(self._records, self._lines):  # noqa: B905 - as MicroPython has it
            twins.check(record, line)
        actions = [action for record in self._records for action in record["actions"]]
        # The empty cells of the resets make pandas write 1.0 for 1.
        if self._from_python and not self._kind_known and all(map(_is_whole, actions)):
            for record in self._records:
                record["actions"] = [int(action) for action in record["actions"]]
        return self._records

    def _begin(self, episode: int, seed: int, options: "Any", checksum: int, line: int) -> None:
        record: Record = {"formatVersion": FORMAT_VERSION, "episode": episode}
        record.update({"seed": seed, "steps": 0})
        record.update(self._notes)
        self._notes = {}
        if options is not None:
            record["options"] = options
        if self._code:
            record["code"] = self._code
        for name in ("actions", "rewards", "flags", "times"):
            record[name] = []
        record["checksums"] = [checksum]
        self._records.append(record)
        self._lines.append(line)

    def _action(self, action: "Any", line: int) -> "Any":
        try:
            return self._make_action(action)
        except Exception as error:  # whatever the file holds
            problem = repr(error)
        raise RecordingError("the action is not what the line '# actions' says: " + problem, line)


def _flag(value: "Any") -> "Any":
    return value if isinstance(value, dict) else bool(value)


def _is_whole(action: "Any") -> bool:
    return isinstance(action, float) and action - action == 0 and action == int(action)
