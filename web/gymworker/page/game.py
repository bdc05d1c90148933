"""A game in the worker, as the page holds it. Runs on the page.

game = await worker.play(fps=30, on_state=lambda state: print(state.step))
game.press("ArrowLeft")
game.release("ArrowLeft")
last = await game.finished()
"""

import time

from ..protocol import CONTROL, EPISODE, KEYS, TRANSITIONS
from .aio import Waiter
from .fields import Episode, PlayState, Transition
from .link import remote_error, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .link import Link

OVER = ("ended", "failed")


class Game:
    """One game, from ``worker.play()`` to its end.

    Args:
        link: to the worker.
        timeout: seconds that a command may take.
        on_step, on_episode, on_state: callbacks of the page, or None.

    Attributes:
        id: of the request that began it.
        state: how it stands, a ``PlayState``; None before it has begun.
        controls: what the keys do: a list of dicts with ``keys``, ``action`` and ``agent``.
        agents: the agents' names; empty in an environment of one agent.
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
        self.id = 0
        self.state: PlayState | None = None
        self.controls: list[dict[str, Any]] = []
        self.agents: list[Any] = []
        self.code = ""
        self._link = link
        self._timeout = timeout
        self._on_step = on_step
        self._on_episode = on_episode
        self._on_state = on_state
        self._held: list[str] = []
        self._error: Exception | None = None
        self._waiters: list[Waiter] = []

    @property
    def over(self) -> bool:
        """Whether it has ended or failed, or its worker is gone."""
        return self._error is not None or (self.state is not None and self.state.state in OVER)

    async def pause(self) -> PlayState:
        """Hold the game; return its state, as the other commands do."""
        return await self._control({"command": "pause"})

    async def resume(self) -> PlayState:
        """Go on after a pause."""
        return await self._control({"command": "resume"})

    async def step(self) -> PlayState:
        """Make one step, or begin the next episode, and pause."""
        return await self._control({"command": "step"})

    async def stop(self) -> PlayState:
        """End the game; one that is over stays as it is."""
        if self.over and self.state is not None:
            return self.state
        return await self._control({"command": "stop"})

    async def reset(self, seed: "int | None" = None) -> PlayState:
        """End the episode and begin the next one.

        Args:
            seed: of the episode that begins; those after it count on from there.
        """
        command: dict[str, Any] = {"command": "reset"}
        if seed is not None:
            command["seed"] = seed
        return await self._control(command)

    async def set_fps(self, fps: float) -> PlayState:
        """Change the pace, in steps a second."""
        return await self._control({"fps": fps})

    async def follow_steps(
        self, on_step: "Callable[[Transition], None] | None" = None
    ) -> PlayState:
        """Get each transition from now on, or none any more; they cost the page's time.

        Args:
            on_step: called with each ``Transition``; None for nobody.
        """
        self._on_step = on_step
        return await self._control({"steps": on_step is not None})

    async def finished(self) -> PlayState:
        """Wait until the game is over; return its last state.

        Raises:
            RemoteError: the environment raised.
            WorkerCrashedError, WorkerClosedError: the worker died, or was restarted or destroyed.
        """
        if not self.over:
            waiter = Waiter()
            self._waiters.append(waiter)
            await waiter
        if self._error is not None:
            raise self._error
        assert self.state is not None
        return self.state

    def press(self, key: str, time_ms: "float | None" = None) -> None:
        """Tell the worker that a key went down; one that is down already stays so.

        Args:
            key: ``KeyboardEvent.key``.
            time_ms: when, in ms since the epoch; now by default.
        """
        if key not in self._held:
            self._held.append(key)
            self._keys({"key": key, "down": True}, time_ms)

    def release(self, key: str, time_ms: "float | None" = None) -> None:
        """Tell the worker that a key went up; see ``press``."""
        if key in self._held:
            self._held.remove(key)
            self._keys({"key": key, "down": False}, time_ms)

    def release_all(self, time_ms: "float | None" = None) -> None:
        """Let go of all keys, as when the game loses the focus."""
        if self._held:
            self._held = []
            self._keys({"pressed": []}, time_ms)

    def begin(self, fields: "dict[str, Any]") -> None:
        """Take the reply to ``play``."""
        self.controls = fields["controls"]
        self.agents = fields["agents"]
        self.code = fields["code"]
        if self.state is None:
            self.state = PlayState(fields["state"])

    def receive(self, message: "dict[str, Any]") -> None:
        """Take what the game tells."""
        kind = message["type"]
        if kind == TRANSITIONS:
            for transition in message["transitions"]:
                tell(self._on_step, Transition(transition))
        elif kind == EPISODE:
            tell(self._on_episode, Episode(message))
        else:
            self.state = PlayState(message)
            if self.state.state in OVER:
                self._link.games.pop(self.id, None)
                error = message.get("error")
                self._settle(remote_error(error) if error else None)
            tell(self._on_state, self.state)

    def lost(self, error: Exception) -> None:
        """Note that the worker is gone."""
        self._settle(error)

    def _settle(self, error: "Exception | None") -> None:
        self._error = error
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.settle()

    async def _control(self, command: "dict[str, Any]") -> PlayState:
        command["game"] = self.id
        reply = await self._link.send(CONTROL, command, self._timeout)
        self.state = PlayState(reply.value())
        return self.state

    def _keys(self, fields: "dict[str, Any]", time_ms: "float | None") -> None:
        """Send keys without waiting: nobody needs the reply."""
        if self.over:
            return
        fields["game"] = self.id
        fields["time"] = time.time() * 1000 if time_ms is None else time_ms
        self._link.send(KEYS, fields, self._timeout)
