"""A game in the worker, as the page holds it. Runs on the page.

game = await worker.play(fps=30, on_state=lambda state: print(state.step))
game.press("ArrowLeft")
game.release("ArrowLeft")
last = await game.finished()
"""

from ..errors import RemoteError
from ..protocol import CONTROL, EPISODE, TRANSITIONS
from .aio import Outcome, tell
from .arguments import whole
from .game_fields import Control, Episode, PlayState, RecordedEpisode, Seat, Transition
from .patience import Patience
from .steering import Steering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, SupportsIndex

    from .link import Link

OVER = ("ended", "failed")


class Game(Steering):
    """One game, from ``worker.play()`` to its end.

    Its commands return the state of the game after them. What went wrong is told in one way: an
    exception of the environment is a ``RemoteError``, of the command that met it, of ``finished()``
    and of all commands after it; so it is with a worker that is gone or hangs.

    Args:
        link: to the worker.
        timeout: seconds that a command may take, and that the environment may be silent.
        on_step, on_episode, on_state: callbacks of the page, or None.

    Attributes:
        id: of the request that began it.
        timeout: as given.
        state: how it stands, the newest ``PlayState``; None before it has begun.
        controls: what the keys do.
        agents: the agents' names; empty in an environment of one agent.
        seats: who decides for whom; nobody does in a recording.
        episodes: of the recording that is watched; empty where the game is played.
        code: the SHA-256 of the environment's code, in hexadecimal.
    """

    def __init__(
        self,
        link: "Link",
        timeout: "float | None",
        on_step: "Callable[[Transition], None] | None" = None,
        on_episode: "Callable[[Episode], None] | None" = None,
        on_state: "Callable[[PlayState], None] | None" = None,
    ) -> None:
        super().__init__()
        self.id = 0
        self.state: PlayState | None = None
        self.controls: list[Control] = []
        self.agents: list[Any] = []
        self.seats: list[Seat] = []
        self.episodes: list[RecordedEpisode] = []
        self.code = ""
        self._link = link
        self.timeout = timeout
        self._on_step = on_step
        self._on_episode = on_episode
        self._on_state = on_state
        self._end = Outcome()
        self._patience = Patience()
        self._heard = 0

    @property
    def over(self) -> bool:
        """Whether it has ended or failed, or its worker is gone or hangs."""
        return self._end.settled

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
        return await self._control({"steps": on_step is not None})

    async def finished(self) -> PlayState:
        """Wait until the game is over; return its last state.

        Raises:
            RemoteError: the environment raised.
            RequestTimeoutError: the worker hangs.
            WorkerCrashedError, WorkerClosedError: it died, or was restarted or destroyed.
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
        self.episodes = [RecordedEpisode(episode) for episode in fields.get("episodes", [])]
        self.code = fields["code"]
        if self.state is None:
            self._take(PlayState(fields["state"]))

    def receive(self, message: "dict[str, Any]") -> None:
        """Take what the game tells."""
        self._heard += 1
        kind = message["type"]
        if kind == TRANSITIONS:
            for transition in message["transitions"]:
                tell(self._on_step, Transition(transition))
        elif kind == EPISODE:
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
        if state is None or state.state != "running":
            return self._patience.look(time, None, None)
        limit = None
        if self.timeout is not None and not forgiven:
            limit = self.timeout + 1 / state.fps
        return self._patience.look(time, self._heard, limit)

    def lost(self, error: Exception) -> None:
        """Note that the worker is gone, or seems to be."""
        if not self.over:
            self._end.settle(None, error)

    def _take(self, state: PlayState) -> bool:
        """Take a state unless there is a newer one; return whether it was taken."""
        if self.state is not None and state.number < self.state.number:
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
