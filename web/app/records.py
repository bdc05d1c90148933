"""What was played: saved as a file, thrown away, or replayed from one. Runs on the page."""

import json

from gymworker import GymWorkerError
from gymworker.codec.light import Array
from gymworker.recording import header
from gymworker.recording.record import VISITOR
from pyscript import document, window

from .dom import element, listen, root, save, show, spawn, view
from .files import file_name, visitor_of
from .kept import Kept
from .replaying import count

BUTTONS = ("save-jsonl", "save-csv", "throw-away")


class Records:
    """The panel of the recordings.

    Args:
        worker: a ``PyodideWorker``.
        replay: called with a file of the browser's that the visitor wants to see again.
    """

    def __init__(self, worker, replay):
        self._worker = worker
        self._replay = replay
        self._name = ""
        self._about = None
        self._problem = None
        self._visitor = visitor_of(_parameters(), str(window.navigator.userAgent))
        self._kept = Kept(self._not_kept)
        for id, handler in (
            ("save-jsonl", self._save_lines),
            ("save-csv", self._save_csv),
            ("throw-away", self._throw_away),
        ):
            listen(element(id), "click", handler)
        listen(element("file"), "change", self._chosen)
        listen(document, "dragover", self._drag)
        listen(document, "dragleave", self._drag_end)
        listen(document, "drop", self._drop)
        listen(view, "beforeunload", self._leave)
        spawn(self._find())

    def of(self, name, code):
        """Keep the episodes of this environment from now on."""
        self._name = name
        self._about = header(name, self._worker.version.fields, code, self._visitor)
        self._problem = None
        self._show()

    def add(self, episode):
        """Keep an ``Episode``."""
        if episode.record_data is not None:
            self._kept.add(self._about, episode.record_data.data, episode.seed)
        elif episode.record_problem:
            self._problem = "It cannot be recorded: " + episode.record_problem
        self._show()

    async def _find(self):
        await self._kept.find()
        self._show()

    def _show(self):
        episodes = sum([batch.count for batch in self._kept.of(self._name)])
        for id in BUTTONS:
            element(id).disabled = episodes == 0
        said = "Each episode is recorded: seed, actions, rewards, times."
        unsaved = self._kept.unsaved()
        if episodes:
            here = unsaved.get(self._name, 0)
            said = count(episodes, "episode") + " of " + self._name + " recorded, "
            some = "" if here == episodes else str(here) + " of them "
            said += some + "not saved yet." if here else "and saved."
        others = sorted([name for name in unsaved if name != self._name])
        if others:
            said += " Not saved yet: " + ", ".join(others) + "."
        show("recorded", self._problem or said)

    async def _save_lines(self, event):
        for batch, name in self._files(".jsonl"):
            part = batch.part()
            lines = window.Array.of(json.dumps(batch.about) + "\n", part.data)
            save(name, lines, "application/jsonl")
            await self._kept.saved(batch, part)
        self._show()

    async def _save_csv(self, event):
        """The worker makes it, so that the page stays free."""
        try:
            for batch, name in self._files(".csv"):
                about, part = batch.about, batch.part()
                whole = await part.data.arrayBuffer()
                made = await self._worker.write_recording(
                    [Array.from_buffer(whole, "uint8", (whole.byteLength,))],
                    "csv",
                    environment=about["environment"],
                    versions=about["versions"],
                    code=about["code"],
                    visitor={name: about[name] for name in VISITOR if name in about},
                )
                save(name, window.Array.of(made.data), "text/csv")
                await self._kept.saved(batch, part)
            self._show()
        except GymWorkerError as error:
            show("recorded", "CSV is made in the worker: " + str(error).split("\n")[0])

    def _files(self, end):
        """Return the batches that are to be saved, each with the name of its file."""
        files = []
        for batch in self._kept.of(self._name):
            name = file_name(self._name, batch.seed, batch.began, "")
            number = len([other for _, other in files if other.startswith(name)]) + 1
            files.append((batch, name + ("-" + str(number) if number > 1 else "") + end))
        return files

    async def _throw_away(self, event):
        episodes = self._kept.unsaved().get(self._name, 0)
        question = "Throw away " + count(episodes, "episode") + " that you have not saved?"
        if not episodes or view.confirm(question):
            await self._kept.throw_away(self._name)
            self._show()

    def _leave(self, event):
        """Have the browser ask first: an hour of play is easily closed by mistake."""
        if self._kept.unsaved():
            event.preventDefault()
            event.returnValue = "unsaved"  # for browsers that look at this alone

    def _not_kept(self, reason):
        self._problem = "This browser cannot keep recordings; save them. " + reason
        self._show()

    async def _chosen(self, event):
        field, files = event.target, event.target.files
        if files.length:
            await self._replay(files[0])
            field.value = ""  # the same file may be chosen again

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
        return self._replay(files[0]) if files.length else None


def _parameters():
    """Return the parameters of the page's address."""
    query = window.URLSearchParams.new(window.location.search)
    names = getattr(window.Array, "from")(query.keys())
    return [(str(names[i]), str(query.get(names[i]))) for i in range(names.length)]
