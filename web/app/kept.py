"""Recordings that the visitor has not saved yet outlive the page. Runs on the page.

They are kept in the browser until they are saved or thrown away. No recording enters Python, and
none stays in the page's memory: each is one line of text in a Blob, which is the browser's to hold.
"""

import json
import time

from gymworker.page.js.store import Store
from pyscript import window

TOGETHER = 8
"""Episodes that one Blob holds: few wait in memory, and an hour of play makes few Blobs."""


class Batch:
    """Episodes that belong into one file: of one environment, one version of its code.

    Attributes:
        about: the file's header.
        count: how many episodes there are.
        saved: how many of them were saved.
        seed: of the first one, None if nobody knows.
        began: when that was kept: the year, month, day, hour, minute and second, or None.
    """

    def __init__(self, about, id=None, seed=None, began=None):
        self.about = about
        self.seed, self.began = seed, began
        self.count = self.saved = 0
        self.id = id  # in the store; None while nothing of it stands there
        self._blobs = window.Array.new()
        self._open = window.Array.new()  # lines that are in no Blob yet

    def add(self, record):
        """Add an episode, the bytes of its line."""
        self._open.push(record)
        self._open.push("\n")
        self.count += 1
        if self.count % TOGETHER == 0:
            self._close()

    @property
    def data(self):
        """The lines, a Blob."""
        self._close()
        return window.Blob.new(self._blobs)

    def text(self):
        """Return the file in JSON Lines, as a JavaScript array of its parts."""
        return window.Array.of(json.dumps(self.about) + "\n", self.data)

    def _close(self):
        if self._open.length:
            self._blobs.push(window.Blob.new(self._open))
            self._open = window.Array.new()


class Kept:
    """The batches of all environments.

    Args:
        on_error: called with a line of text when the browser could not keep a recording.
    """

    def __init__(self, on_error):
        self._store = Store("gymworker", on_error)
        self._batches = []

    async def find(self):
        """Find what an earlier page left."""
        await self._store.open()
        abouts = await self._store.all("about/")
        for i in range(abouts.length):
            about = json.loads(abouts[i])
            seed, began = about.pop("seed", None), about.pop("began", None)
            batch = Batch(about, about.pop("id"), seed, began)
            records = await self._store.all("record/" + batch.id + "/")
            for j in range(records.length):
                batch.add(records[j])
            self._batches.append(batch)

    def of(self, name):
        """Return the batches of an environment, the oldest first."""
        return [batch for batch in self._batches if batch.about["environment"] == name]

    def unsaved(self):
        """Return how many episodes of which environment are not saved, by its name."""
        found = {}
        for batch in self._batches:
            if batch.count > batch.saved:
                name = batch.about["environment"]
                found[name] = found.get(name, 0) + batch.count - batch.saved
        return found

    def add(self, about, record, seed):
        """Keep an episode.

        Args:
            about: the header of its file.
            record: its bytes, a ``Uint8Array``.
            seed: that the episode was reset with.
        """
        same = [batch for batch in self._batches if batch.about == about]
        if not same:
            same = [Batch(about, seed=seed, began=_now())]
            self._batches += same
        batch = same[-1]
        if batch.id is None:
            batch.id = str(int(time.time())) + "-" + str(window.Math.random())
            more = {"id": batch.id, "seed": batch.seed, "began": batch.began}
            self._store.put("about/" + batch.id, json.dumps(dict(about, **more)))
        record = record.slice()  # the bytes alone: the message's buffer may hold more
        self._store.put("record/" + batch.id + "/" + f"{batch.count:09d}", record)
        batch.add(record)

    async def saved(self, batch):
        """Note that a batch was saved; return once the next page will not find it."""
        batch.saved = batch.count
        self._forget(batch)
        await self._store.settled()

    async def throw_away(self, name):
        """Forget all episodes of an environment; return once the browser has, too."""
        for batch in self.of(name):
            self._forget(batch)
            self._batches.remove(batch)
        await self._store.settled()

    def _forget(self, batch):
        if batch.id is not None:
            self._store.delete("about/" + batch.id)
            self._store.delete("record/" + batch.id + "/")
            batch.id = None


def _now():
    """Return the visitor's own time: the year, month, day, hour, minute and second."""
    now = window.Date.new()
    return [
        now.getFullYear(),
        now.getMonth() + 1,
        now.getDate(),
        now.getHours(),
        now.getMinutes(),
        now.getSeconds(),
    ]
