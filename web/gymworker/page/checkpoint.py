"""How a game outlives its worker: its last checkpoint, and what a new worker needs. On the page."""

from ..codec import joined
from ..protocol import CONTROL, PLAY
from .aio import Outcome, collect
from .fields import Fields, entry
from .steering import Steering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .game_fields import PlayState
    from .pending import Request


MOST_IDLE = 3
"""How often a game comes back by itself that nothing was done with since it was restored."""

MOST_REPLACED = 4_000_000
"""Bytes of earlier checkpoints that may wait to be collected."""


class Checkpoint(Fields):
    """A state that a game has handed to its page: what ``play(restore=...)`` goes on from.

    Attributes:
        episode: the number of the episode, from 0.
        step: how many steps it had.
        seed: what it was reset with.
    """

    episode: int = entry("episode")
    step: int = entry("step")
    seed: int = entry("seed")

    @property
    def data(self) -> "Any":
        """The state's bytes, a ``uint8`` array: all that is needed, as of a file."""
        pieces = self.pieces
        return joined(pieces) if len(pieces) > 1 else pieces[0]

    @property
    def pieces(self) -> "list[Any]":
        """The same in pieces, one after another.

        Most of those after the first are the very objects that the checkpoint before has.
        """
        return [self.fields["state"]] + list(self.fields.get("parts", ()))

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum([_size(piece) for piece in self.pieces])

    def __repr__(self) -> str:
        place = "episode " + str(self.episode) + ", step " + str(self.step)
        return "Checkpoint(" + place + ", " + str(self.size) + " bytes)"


def to_restore(checkpoint: Checkpoint) -> "dict[str, Any]":
    """Return the payload's ``restore`` that goes on from there."""
    state, *parts = checkpoint.pieces
    return {"state": state, "parts": parts} if parts else {"state": state}


class Lasting(Steering):
    """The part of ``Game`` that outlives a worker.

    Args:
        payload: of the ``play`` request.
        restored: the checkpoint that it goes on from, if there is one.

    Attributes:
        checkpoint: the newest ``Checkpoint``; None before the first one.
        checkpoint_problem: why the worker could not make the last one, or None.
        restored_at: the step at which the game stood when it was restored, None if it was not.
        lost_steps: of those that the page was told of, how many were lost with the last worker.
    """

    state: "PlayState | None"

    def __init__(self, payload: "dict[str, Any]", restored: "Checkpoint | None" = None) -> None:
        super().__init__()
        self.checkpoint = restored
        self.checkpoint_problem: str | None = None
        self.restored_at: int | None = None
        self.lost_steps = 0
        self._payload = payload
        self._end = Outcome()
        self._tried = restored  # the one that it was restored from last
        self._tries = 0  # with that one
        self._reviving = restored is not None
        self._replaced = 0  # bytes of checkpoints that nobody needs any more, at most
        self._place = (-1, 0)  # the episode and step that the last worker told last
        self._told = -1  # the last episode whose end was told since the checkpoint

    @property
    def over(self) -> bool:
        """Whether it has ended or failed, or its worker is gone or hangs."""
        return self._end.settled

    @property
    def stuck(self) -> bool:
        """Whether it went on since it was restored, and got to no other checkpoint."""
        if self.checkpoint is None or self.checkpoint is not self._tried:
            return False
        state = self.state
        idle = state is not None and (state.state, state.step) == ("paused", self.restored_at)
        return not idle or self._tries > MOST_IDLE

    def play(self) -> "Request":
        """Ask the worker that there is now for this game."""
        request = self._link.send(PLAY, self._payload, self.timeout)
        self.id = request.id
        self._link.games[self.id] = self  # type: ignore[assignment]
        return request

    def lost(self, error: Exception) -> None:
        """Note that the worker is gone, or seems to be, unless the game is to outlast it."""
        if self.over or self._reviving:
            return
        if self.stuck and self.restored_at is not None:
            where = "the game was restored at step " + str(self.restored_at)
            error = error.__class__(where + ", and again " + str(error))
        self._end.settle(None, error)

    def outlast(self) -> None:
        """Take the loss of the worker for none: the next one is about to take the game over."""
        if self._end.settled:
            self._end = Outcome()
        self._reviving = True

    def give_up(self, error: Exception) -> None:
        """Note that it is lost after all."""
        self._reviving = False
        self.lost(error)

    def revive(self) -> "Request":
        """Ask the new worker for this game where its last checkpoint has it, paused."""
        checkpoint, state = self.checkpoint, self.state
        assert checkpoint is not None
        assert state is not None
        self._place = state.episode, state.step
        self._tried = checkpoint
        self._tries += 1
        restore = to_restore(checkpoint)
        if self._told >= state.episode:  # its end is not told twice
            restore["episode"] = self._told + 1
        elif (state.episode, state.seed) != (checkpoint.episode, checkpoint.seed):
            restore["episode"], restore["seed"] = state.episode, state.seed
        self._payload["restore"] = restore
        request = self.play()
        self._pointer = []
        self._keys({"pressed": sorted(self._held), "pointer": []}, None)
        self._link.send(CONTROL, {"fps": state.fps, "game": self.id}, self.timeout)
        return request

    def _hand_over(self, message: "dict[str, Any]") -> bool:
        """Take a checkpoint, or why there is none; tell whether there is one."""
        self.checkpoint_problem = message.get("problem")
        if self.checkpoint_problem is not None:
            return False
        earlier = self.checkpoint.pieces[1:] if self.checkpoint is not None else []
        parts, came = [], _size(message["state"])
        for part in message.get("parts", ()):
            if isinstance(part, int):  # it is as it was
                part = earlier[part]
            else:
                came += _size(part)
            parts.append(part)
        message["parts"] = parts
        self.checkpoint, self._told = Checkpoint(message), -1
        self._tries = 0
        self._replaced += came
        if self._replaced > MOST_REPLACED:
            self._replaced = 0
            collect()
        return True

    def _stands(self, state: "PlayState") -> None:
        """Note how it stands in the new worker."""
        self._reviving = False
        self.restored_at = state.step
        episode, step = self._place
        self.lost_steps = max(0, step - state.step) if episode == state.episode else 0


def _size(piece: "Any") -> int:
    return piece.nbytes if hasattr(piece, "nbytes") else len(piece)
