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


class Part:
    """What a batch had when it was asked for a file; what came later is not in it.

    Attributes:
        data: the lines, a Blob.
        count: how many episodes there are.
        ids: under which they are kept.
    """

    def __init__(self, data, count, ids):
        self.data, self.count, self.ids = data, count, ids


class Batch:
    """Episodes that belong into one file: of one environment, one version of its code.

    Attributes:
        about: the file's header.
        count: how many episodes there are.
        saved: how many of them were saved.
        seed: of the first one, None if nobody knows.
        began: when that was kept: the year, month, day, hour, minute and second, or None.
        ids: under which they are kept: those that were found, and those of this page.
        id: under which the next one is kept, None if that needs a new one. Other tabs may have
            found the same episodes, and each writes under ids of its own.
    """

    def __init__(self, about, seed=None, began=None):
        self.about = about
        self.seed, self.began = seed, began
        self.count = self.saved = 0
        self.ids, self.id = [], None
        self._blobs = window.Array.new()
        self._open = window.Array.new()  # lines that are in no Blob yet

    def add(self, record):
        """Add an episode, the bytes of its line."""
        self._open.push(record)
        self._open.push("\n")
        self.count += 1
        if self.count % TOGETHER == 0:
            self._close()

    def part(self):
        """Return what there is by now, a ``Part``."""
        self._close()
        self.id = None
        return Part(window.Blob.new(self._blobs), self.count, list(self.ids))

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
            id, seed, began = about.pop("id"), about.pop("seed", None), about.pop("began", None)
            records = await self._store.all("record/" + id + "/")
            batch = self._batch(about, seed, began)
            batch.ids.append(id)
            for j in range(records.length):
                batch.add(records[j])

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
        batch = self._batch(about, seed, _now())
        if batch.id is None:
            batch.id = str(int(time.time())) + "-" + str(window.Math.random())
            batch.ids.append(batch.id)
        # With each one: another tab may have found the id, and have forgotten it.
        more = {"id": batch.id, "seed": batch.seed, "began": batch.began}
        self._store.put("about/" + batch.id, json.dumps(dict(about, **more)))
        record = record.slice()  # the bytes alone: the message's buffer may hold more
        self._store.put("record/" + batch.id + "/" + f"{batch.count:09d}", record)
        batch.add(record)

    async def saved(self, batch, part):
        """Note that this part of a batch was saved; return once the next page will not find it."""
        batch.saved = max(batch.saved, part.count)
        self._forget(batch, part.ids)
        await self._store.settled()

    async def throw_away(self, name):
        """Forget all episodes of an environment; return once the browser has, too."""
        for batch in self.of(name):
            self._forget(batch, batch.ids)
            self._batches.remove(batch)
        await self._store.settled()

    def _batch(self, about, seed, began):
        """Return the batch of a header; a new one where there is none."""
        for batch in self._batches:
            if batch.about == about:
                return batch
        batch = Batch(about, seed, began)
        self._batches.append(batch)
        return batch

    def _forget(self, batch, ids):
        for id in ids:
            self._store.delete("about/" + id)
            self._store.delete("record/" + id + "/")
        batch.ids = [id for id in batch.ids if id not in ids]


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
