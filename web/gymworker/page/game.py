"""A game in the worker, as the page holds it. Runs on the page.

game = await worker.play(fps=30, on_state=lambda state: print(state.step))
game.press("ArrowLeft")
game.release("ArrowLeft")
last = await game.finished()
"""

from ..errors import RemoteError
from ..protocol import CHECKPOINT, CONTROL, EPISODE, TRANSITIONS
from .aio import tell
from .arguments import whole
from .checkpoint import Checkpoint, Lasting
from .game_fields import Control, Episode, PlayState, RecordedEpisode, Seat, Transition
from .patience import Patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, SupportsIndex

    from .link import Link

OVER = ("ended", "failed")
INTERFERED = "interfered"
"""How an episode is told of that goes on."""


class Game(Lasting):
    """One game, from ``worker.play()`` to its end.

    Its commands return the state of the game after them. What went wrong is told in one way: an
    exception of the environment is a ``RemoteError``, of the command that met it, of ``finished()``
    and of all commands after it; so it is with a worker that is gone or hangs, until a restart has
    put the game into a new one: it then goes on, paused, from its last ``checkpoint``.

    Args:
        link: to the worker.
        payload: of the request that begins it.
        timeout: seconds that a command may take, and that the environment may be silent.
        on_step, on_episode, on_state, on_checkpoint: callbacks of the page, or None.
        restored: the checkpoint that it goes on from, if there is one.

    Attributes:
        id: of the request that began it; another one in a new worker.
        timeout: as given.
        state: how it stands, the newest ``PlayState``; None before it has begun.
        controls: what the keys do.
        agents: the agents' names; empty in an environment of one agent.
        seats: who decides for whom; nobody does in a recording.
        pointer: whether the mouse or a finger on the picture plays: see ``point``.
        episodes: of the recording that is watched; empty where the game is played.
        fps: steps a second that it is meant to have; see ``set_fps``.
        code: the SHA-256 of the environment's code, in hexadecimal.
    """

    def __init__(
        self,
        link: "Link",
        payload: "dict[str, Any]",
        timeout: "float | None",
        on_step: "Callable[[Transition], None] | None" = None,
        on_episode: "Callable[[Episode], None] | None" = None,
        on_state: "Callable[[PlayState], None] | None" = None,
        on_checkpoint: "Callable[[Checkpoint], None] | None" = None,
        restored: "Checkpoint | None" = None,
    ) -> None:
        super().__init__(payload, restored)
        self.id = 0
        self.state: PlayState | None = None
        self.controls: list[Control] = []
        self.agents: list[Any] = []
        self.seats: list[Seat] = []
        self.pointer = False
        self.episodes: list[RecordedEpisode] = []
        self.fps = 0.0
        self.code = ""
        self._link = link
        self.timeout = timeout
        self._on_step = on_step
        self._on_episode = on_episode
        self._on_state = on_state
        self._on_checkpoint = on_checkpoint
        self._patience = Patience()
        self._heard = 0

    @property
    def silence(self) -> float:
        """Seconds since it said something, while it runs; else 0.0."""
        return self._patience.silence

    async def pause(self) -> PlayState:
        """Hold the game.

        Raises:
            RemoteError: the environment raised, now or before; or the game is over.
            TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"command": "pause"})

    async def resume(self) -> PlayState:
        """Go on after a pause.

        Raises:
            RemoteError: the environment raised, now or before; or the game is over.
            TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"command": "resume"})

    async def step(self) -> PlayState:
        """Make one step, or begin the next episode, and pause.

        Raises:
            RemoteError: the environment raised, now or before; or the game is over.
            TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"command": "step"})

    async def act(self, actions: "Any") -> PlayState:
        """Say what people do in the next step, whatever their keys say; once.

        A game that waits for them makes the step, one that runs makes it when it is due, and one
        that is paused when it goes on. So a page can offer the moves of a game that has more of
        them than there are keys.

        Args:
            actions: by agent; or the action itself, of the only agent or of the one whose turn it
                is.

        Raises:
            RemoteError: no such person acts now, the action is not of the space, or the action mask
                does not allow it: nothing has changed. Or the game is over.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"command": "act", "actions": actions})

    async def stop(self) -> PlayState:
        """End the game; one that is over stays as it is.

        Raises:
            RemoteError: the environment raised as its last episode was closed.
            TransportError, WorkerClosedError: as any request.
        """
        if self.over and self.state is not None:
            return self.state
        return await self._control({"command": "stop"})

    async def reset(self, seed: "SupportsIndex | None" = None) -> PlayState:
        """End the episode and begin the next one.

        Args:
            seed: of the episode that begins; those after it count on from there.

        Raises:
            RemoteError: the environment raised, now or before; or the game is over.
            MisuseError: the seed is no whole number.
            TransportError, WorkerClosedError: as any request.
        """
        command: dict[str, Any] = {"command": "reset"}
        if seed is not None:
            command["seed"] = whole(seed, "seed")
        return await self._control(command)

    async def seek(
        self, step: "SupportsIndex", episode: "SupportsIndex | None" = None
    ) -> PlayState:
        """Go to a step of the recording that is watched; a game that runs goes on from there.

        Args:
            step: 0 is the start of the episode.
            episode: its place in ``episodes``; by default the one that is watched.

        Raises:
            RemoteError: there is no such step, the game is no recording, or it is over.
            MisuseError: step or episode is no whole number.
            TransportError, WorkerClosedError: as any request.
        """
        command: dict[str, Any] = {"command": "seek", "step": whole(step, "step")}
        if episode is not None:
            command["episode"] = whole(episode, "episode")
        return await self._control(command)

    async def rewind(self, step: "SupportsIndex") -> PlayState:
        """Go to a step of the episode, and pause: it is painted, and the game can go on from there.

        Going on cuts the recording there, which says so in its events. Until then the steps after
        it can be had again too. In a recording that is watched it is ``seek``, and a pause.

        Args:
            step: how many steps the episode has had there; 0 is its start.

        Raises:
            RemoteError: there is no such step (it says which there are), nothing is kept (see
                ``keep`` of ``play``), or the game is over.
            MisuseError: step is no whole number.
            TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"command": "rewind", "step": whole(step, "step")})

    async def correct(
        self,
        step: "SupportsIndex | Sequence[tuple[SupportsIndex, Any]]",
        actions: "Any" = None,
        episode: "SupportsIndex | None" = None,
    ) -> PlayState:
        """Change what was done at some steps: the game goes back, and forth again to the present.

        The keys' actions of the other steps stay as they are, policies decide anew after the first
        step that is corrected, and nothing is rendered on the way. A game that runs goes on.

            state = await game.correct(12, {"amber": 3})
            state = await game.correct([(12, {"amber": 3}), (13, {"amber": 1})])

        Args:
            step: which one, the first of an episode being 1; or a list of steps and their actions.
            actions: what was done, by agent, as many of these as are to be corrected; in an
                environment of one agent without a name the action itself.
            episode: its number, if a correction that comes too late for it is to be an error.

        Returns:
            The state, with ``confirmed`` and ``hash``: the newest step that was corrected, of
            several agents the one for whom it is the oldest, and the hash of the state after it,
            as ``compute_hash`` has it. Whoever corrects each step of somebody else's can compare
            it: there are no guesses in it.

        Raises:
            RemoteError: there is no such step or agent, the action is not of the space, nothing is
                kept (see ``keep`` of ``play``), or the game is over; then nothing has changed. Or
                the environment raised on the way: the game has failed.
            MisuseError: step or episode is no whole number.
            EncodeError, TransportError, WorkerClosedError: as any request.
        """
        pairs: Any = step if isinstance(step, (list, tuple)) else [(step, actions)]
        corrections = [{"step": whole(at, "step"), "actions": done} for at, done in pairs]
        command: dict[str, Any] = {"command": "correct", "corrections": corrections}
        if episode is not None:
            command["episode"] = whole(episode, "episode")
        return await self._control(command)

    async def set_fps(self, fps: float) -> PlayState:
        """Change the pace, in steps a second.

        Raises:
            RemoteError: it is no pace, or the environment raised before, or the game is over.
            TransportError, WorkerClosedError: as any request.
        """
        return await self._control({"fps": fps})

    async def follow_steps(
        self, on_step: "Callable[[Transition], None] | None" = None
    ) -> PlayState:
        """Get each transition from now on, or none any more; they cost the page's time.

        Args:
            on_step: called with each ``Transition``; None for nobody.

        Raises:
            RemoteError: the environment raised before, or the game is over.
            TransportError, WorkerClosedError: as any request.
        """
        self._on_step = on_step
        self._payload["steps"] = on_step is not None
        return await self._control({"steps": on_step is not None})

    async def finished(self) -> PlayState:
        """Wait until the game is over; return its last state.

        Raises:
            RemoteError: the environment raised.
            RequestTimeoutError: the worker hangs.
            WorkerCrashedError, WorkerClosedError: it died, or was restarted or destroyed. Not where
                a restart that is under way by then takes the game over; after one that came later,
                wait again.
        """
        await self._end.wait()
        assert self.state is not None
        return self.state

    # What the client and the link tell it.

    def begin(self, fields: "dict[str, Any]") -> None:
        """Take the reply to ``play``."""
        self.controls = [Control(control) for control in fields["controls"]]
        self.agents = fields["agents"]
        self.seats = [Seat(seat) for seat in fields.get("seats", [])]
        self.pointer = fields.get("pointer", False)
        self.episodes = [RecordedEpisode(episode) for episode in fields.get("episodes", [])]
        self.fps = fields["fps"]
        self.code = fields["code"]
        state = PlayState(fields["state"])
        if self._reviving:
            self._stands(state)
            self._take(state)
            tell(self._on_state, state)
        elif self.state is None:
            self._take(state)

    def receive(self, message: "dict[str, Any]") -> None:
        """Take what the game tells."""
        self._heard += 1
        kind = message["type"]
        if kind == TRANSITIONS:
            for transition in message["transitions"]:
                tell(self._on_step, Transition(transition))
        elif kind == CHECKPOINT:
            if self._hand_over(message):
                tell(self._on_checkpoint, self.checkpoint)
        elif kind == EPISODE:
            if message.get("ended") != INTERFERED:
                self._told = message["episode"]
            tell(self._on_episode, Episode(message))
        elif self._take(PlayState(message)):
            tell(self._on_state, self.state)

    def look(self, time: float, forgiven: bool) -> bool:
        """Look whether it has been silent for too long.

        Args:
            time: now, in seconds.
            forgiven: the worker is at work on a request that may take for ever.
        """
        state = self.state
        if state is None or state.state != "running" or self._reviving:
            return self._patience.look(time, None, None)
        limit = None
        if self.timeout is not None and not forgiven:
            limit = self.timeout + 1 / state.fps
        return self._patience.look(time, self._heard, limit)

    def _take(self, state: PlayState) -> bool:
        """Take a state unless there is a newer one; return whether it was taken."""
        older = self.state is not None and state.number < self.state.number
        if older and not self._reviving:  # another worker counts anew
            return False
        self.state = state
        if state.state in OVER and not self.over:
            self._link.games.pop(self.id, None)
            self._end.settle(None, _failure(state))
        return True

    async def _control(self, command: "dict[str, Any]") -> PlayState:
        if self._end.error is not None:
            raise self._end.error
        command["game"] = self.id
        reply = await self._link.send(CONTROL, command, self.timeout)
        state = PlayState(reply.value())
        self._take(state)
        failure = _failure(state)
        if failure is not None:
            raise failure
        return state


def _failure(state: PlayState) -> "RemoteError | None":
    if state.state != "failed":
        return None
    return state.error or RemoteError("the environment failed")
