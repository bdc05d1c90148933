"""A tab that was loaded anew, or discarded, finds the game that it left. Runs on the page.

Each tab has its own: ``sessionStorage`` knows under which name the browser keeps it, beside the
recordings. A game that is over leaves none, nor does one that was not begun.
"""

import json
import time

from gymworker import GymWorkerError, RemoteError
from gymworker.codec.light import Array
from gymworker.page.js.store import Store
from pyscript import window

from .dom import view

TAB = "gymworker game"
"""The key in ``sessionStorage``."""

KEPT, GAME = "game/", "game-state/"
"""The beginnings of the keys in the store: of when a game was kept, and of the game."""

ABOUT = "about"
"""The last of a game's keys, after the numbers of the pieces of its state."""

MOST_FOUND = 3
"""How often a game is found again without a step: one may bring down each worker it comes to."""

TAKEN = "gymworker game taken"
"""The channel on which a tab names the game that it found: another one may still play it.

The copy of a tab has its ``sessionStorage`` too.
"""

LONGEST = 86400
"""Seconds for which a tab that does not come back has its game kept."""

INTERFERED = "interfered"
"""How an episode is told of that goes on."""


class KeptGame:
    """The game of this tab.

    Args:
        wanted: whether games are kept at all.
        note: takes a line for the log.
    """

    def __init__(self, wanted, note):
        self._note = note
        self._wanted = wanted
        self._store = Store("gymworker", self._not_kept)
        self._id = None  # under which it is kept, None while none can be
        self._about = {}
        self._pieces = {}  # those that the browser has, but for the first, by their numbers
        self._next = 1  # the number of the next one
        self._last = None  # the ``Checkpoint`` that is kept
        self._tabs = window.BroadcastChannel.new(TAKEN)
        self._tabs.onmessage = self._heard

    async def begin(self, name, seats, play):
        """Begin a game; the first time the one that this tab has left, if it can go on.

        Args:
            name: of the environment that is there now; the game of another one is thrown away.
            seats: the ``Seats``.
            play: a coroutine that makes a game, with ``restore=``.
        """
        found = await self._find(name)
        if found is not None:
            checkpoint, kinds = found
            if kinds is not None:
                seats.want(name, kinds)
            try:
                game = await play(restore=checkpoint)
                self.keep(checkpoint)  # the worker does not send it again
                return game
            except RemoteError as error:
                self.forget()
                self._cannot_go_on(str(error).split("\n")[0])
                seats.forget(name)
            except GymWorkerError:  # the worker is gone, or hangs: another one may find it
                self._id, self._last, self._pieces = None, None, {}
                raise
        self._use(name, seats.wanted(name))
        return await play()

    async def _find(self, name):
        """Return the ``Checkpoint`` that is there and who played, or None; and it is this page's.

        It stays kept: the page may be loaded anew before its game stands.
        """
        if not self._wanted or self._id is not None:
            return None
        id = str(int(time.time())) + "-" + str(window.Math.random())
        storage = await _session()
        if storage is None or not await self._store.open():
            self._wanted = False
            return None
        before, self._id = storage.getItem(TAB), id
        storage.setItem(TAB, id)
        found = await self._take(str(before), name) if before else None
        await self._clear()  # it reads after all that was written
        if before:
            self._tabs.postMessage(before)
        return found

    async def _take(self, id, name):
        values = await self._store.all(GAME + id + "/")  # of one moment, whoever plays on
        self._delete(id)
        last = values.length - 1
        if last < 1 or not isinstance(values[last], str):
            return None
        about = json.loads(values[last])
        numbers = about["pieces"]
        kept = sorted(set(numbers))
        if about["environment"] != name or last != len(kept):
            return None
        times = about["found"] + 1
        if times > MOST_FOUND:
            self._cannot_go_on("It was found " + str(about["found"]) + " times and never stood.")
            return None
        from gymworker import Checkpoint  # most pages find none

        found = {number: _array(values[i]) for i, number in enumerate(kept)}
        state, *parts = [found[number] for number in numbers]
        fields = {field: about[field] for field in ("episode", "step", "seed")}
        checkpoint = Checkpoint(dict(fields, state=state, parts=parts))
        kinds = None if about["seats"] is None else dict(about["seats"])
        self._use(name, kinds)
        self._keep(checkpoint, times)
        return checkpoint, kinds

    async def _clear(self):
        """Forget the games of tabs that did not come back."""
        marks = await self._store.all(KEPT)
        for i in range(marks.length):
            mark = json.loads(marks[i])
            if time.time() - mark["kept"] > LONGEST:
                self._delete(mark["id"])

    def _cannot_go_on(self, why):
        self._note("The game that this tab left cannot go on. " + why)

    def _use(self, name, kinds):
        """Keep the game that begins now: of this environment, and of who plays by agent."""
        seats = None if kinds is None else [[agent, kind] for agent, kind in kinds.items()]
        self._about = {"environment": name, "seats": seats}

    def keep(self, checkpoint):
        """Keep a ``Checkpoint`` in the place of the last one."""
        if self._id is None:
            return
        if checkpoint.step == 0:
            self.forget()
        else:
            self._keep(checkpoint)

    def _keep(self, checkpoint, found=0):
        """Write it: all of it in one transaction, or nothing."""
        place = {"episode": checkpoint.episode, "step": checkpoint.step, "seed": checkpoint.seed}
        numbers = self._keep_pieces(checkpoint.pieces)
        about = dict(self._about, pieces=numbers, found=found, **place)
        self._store.put(GAME + self._id + "/" + ABOUT, json.dumps(about))
        self._store.put(KEPT + self._id, json.dumps({"id": self._id, "kept": time.time()}))
        self._last = checkpoint

    def _keep_pieces(self, pieces):
        """Keep those that the browser has not, forget the others, and return their numbers."""
        self._store.put(self._key(0), pieces[0].data)
        before, self._pieces = self._pieces, {}
        known = {id(piece): number for number, piece in before.items()}
        numbers = [0]
        for piece in pieces[1:]:
            number = known.get(id(piece))
            if number is None:
                number, self._next = self._next, self._next + 1
                self._store.put(self._key(number), piece.data)
            self._pieces[number] = piece
            numbers.append(number)
        for number in before:
            if number not in self._pieces:
                self._store.delete(self._key(number))
        return numbers

    def _key(self, number):
        return GAME + self._id + "/" + f"{number:09d}"

    def told(self, episode):
        """Take an ``Episode``: one that was recorded is not played again."""
        kept = self._last is not None and self._last.episode <= episode.episode
        if kept and episode.ended != INTERFERED:
            self.forget()

    def forget(self):
        """Keep no game, until there is a new state of one."""
        if self._last is not None:
            self._last, self._pieces = None, {}
            self._delete(self._id)

    def _delete(self, id):
        self._store.delete(KEPT + id)
        self._store.delete(GAME + id + "/")

    def _heard(self, event):
        """Keep the game anew which a copy of this tab has found and taken."""
        if str(event.data) == self._id and self._last is not None:
            self._pieces = {}
            self._keep(self._last)

    def _not_kept(self, reason):
        """The browser has no room for it: the game goes on without."""
        if self._id is not None:
            self._id = self._last = None
            self._note(
                "This browser cannot keep the game for a page that is loaded anew. " + reason
            )


def _array(data):
    """Return a typed array of the store's as an array of the library's."""
    return Array.from_buffer(data.slice().buffer, "uint8", (data.byteLength,))


async def _session():
    """Return the tab's storage, None where the browser forbids it; by a promise, as it may."""
    get = window.Reflect.get.bind(window.Reflect, view)
    try:
        return await window.Promise.resolve("sessionStorage").then(get)
    except Exception:
        return None
