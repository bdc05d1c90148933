"""Episodes that were recorded: saved as a file, and files that are replayed. Runs on the page."""

from gymworker.recording import header, write_lines
from pyscript import document

from .dom import element, listen, root, save, show

MOST = 1000
"""Recorded episodes that the page keeps of an environment."""


class Records:
    """The recordings of each environment, by its name.

    Args:
        versions: what they are made with.
        replay: called with the text of a file that the visitor wants to see again.
    """

    def __init__(self, versions, replay):
        self._versions = versions
        self._replay = replay
        self._kept = {}
        self._name = ""
        self._code = ""
        listen(element("save-jsonl"), "click", self._save_lines)
        listen(element("save-csv"), "click", self._save_csv)
        listen(element("file"), "change", self._chosen)
        listen(document, "dragover", self._drag)
        listen(document, "dragleave", self._drag_end)
        listen(document, "drop", self._drop)

    def of(self, name, code):
        """Keep the episodes of this environment from now on."""
        self._name, self._code = name, code
        self._show()

    def add(self, summary):
        """Keep an episode."""
        record = summary.record
        if record is not None:
            kept = self._kept.setdefault(self._name, [])
            kept.append(record)
            if len(kept) > MOST:
                kept.pop(0)
            self._show()

    def _show(self):
        count = len(self._kept.get(self._name, ()))
        element("save-jsonl").disabled = element("save-csv").disabled = count == 0
        if count:
            episodes = "1 episode" if count == 1 else str(count) + " episodes"
            show("recorded", episodes + " of " + self._name + " recorded.")
        else:
            show("recorded", "Each episode is recorded: seed, actions, rewards, times.")

    def _save_lines(self, event):
        about = header(self._name, self._versions, self._code)
        text = write_lines(about, self._kept[self._name])
        save(self._file_name(".jsonl"), text, "application/jsonl")

    def _save_csv(self, event):
        from gymworker.recording import write_csv

        about = header(self._name, self._versions, self._code)
        save(self._file_name(".csv"), write_csv(about, self._kept[self._name]), "text/csv")

    def _file_name(self, end):
        return "".join([c.lower() if c.isalpha() or c.isdigit() else "-" for c in self._name]) + end

    def _chosen(self, event):
        files = event.target.files
        return self._read(files[0], event.target) if files.length else None

    async def _read(self, file, field=None):
        text = await file.text()
        if field is not None:
            field.value = ""  # the same file may be chosen again
        await self._replay(str(text))

    def _drag(self, event):
        event.preventDefault()
        root.classList.add("dragging")

    def _drag_end(self, event):
        if not event.relatedTarget:
            root.classList.remove("dragging")

    def _drop(self, event):
        event.preventDefault()
        root.classList.remove("dragging")
        files = event.dataTransfer.files
        return self._read(files[0]) if files.length else None


def show_replayed(text, outcome=""):
    """Say how a replay went.

    Args:
        text: one line.
        outcome: ``same``, ``differs`` or "" for neither.
    """
    panel = element("replayed")
    panel.textContent = text
    panel.className = outcome


def describe(result):
    """Return how a replay went, as one line and an outcome."""
    steps = str(result.steps) + (" step" if result.steps == 1 else " steps")
    difference = result.difference
    if difference is None:
        episodes = "1 episode" if result.episodes == 1 else str(result.episodes) + " episodes"
        text = (
            "Replayed " + episodes + ", " + steps + ": every reward, flag and observation agrees."
        )
        return text, "same"
    place = "episode " + str(difference.episode + 1) + ", step " + str(difference.step)
    return (
        "First difference in " + place + ": " + difference.field + " is "
        + str(difference.got) + ", the file has " + str(difference.expected) + ".",
        "differs",
    )  # fmt: skip
