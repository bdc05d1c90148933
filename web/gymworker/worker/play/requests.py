"""The requests of play. Runs in the worker."""

from ...errors import ProtocolError
from ..keys.mapping import pressed_name
from .clock import Clock
from .game import OVER, Game
from .replay import Replay
from .settings import PlaySettings, checked_fps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...protocol import PlayStateFields, ReplayFields
    from ..call import Call
    from ..environment import Environment


class PlayRequests:
    """The one game of a worker. Most methods handle a request and take its payload.

    Args:
        environment: what is played.
        make_clock: makes the clock of a game.
    """

    def __init__(
        self,
        environment: "Environment",
        make_clock: "Callable[[], Any]" = Clock,
    ) -> None:
        self._environment = environment
        self._make_clock = make_clock
        self._game: Game | None = None
        self._replay = Replay(environment)

    def play(self, call: "Call") -> "dict[str, Any]":
        """End the game that runs, and begin one; see ``protocol.PlayPayload``.

        Raises:
            ProtocolError: a setting is wrong.
            BaseException: whatever the environment raised in ``reset``.
        """
        env = self._environment.required()
        self.end()
        settings = PlaySettings(
            call.payload, env, self._environment.names, self._environment.parallel
        )
        game = Game(call.id, settings, self._environment, call.send, self._make_clock())
        game.start()
        self._game = game
        return {
            "controls": settings.controls(),
            "fps": settings.fps,
            "agents": list(settings.seats) if settings.parallel else [],
            "code": self._environment.code_hash,
            "state": game.describe(),
        }

    def control(self, call: "Call") -> "PlayStateFields":
        """Do what the page commands; see ``protocol.ControlPayload``."""
        command = call.field("command", str, None)
        fps = call.field("fps", object, None)
        seed = call.field("seed", int, None)
        steps = call.field("steps", bool, None)
        game = self._current(call)
        if game is None:
            raise ProtocolError("there is no such game any more: send play first")
        commands: dict[str, Callable[[], None]] = {
            "pause": game.pause,
            "resume": game.resume,
            "step": game.step,
            "stop": game.stop,
            "reset": lambda: game.reset(seed),
        }
        if command not in commands and (command is not None or (fps is None and steps is None)):
            raise ProtocolError(f"expected a command of {', '.join(commands)}, got {command!r:.80}")
        if fps is not None:
            game.set_fps(checked_fps(fps))
        if steps is not None:
            game.tell_steps(steps)
        if command is not None:
            commands[command]()
        return game.describe()

    def keys(self, call: "Call") -> "dict[str, Any]":
        """Take keys as they change; see ``protocol.KeysPayload``. Without a game: nothing."""
        time = call.field("time", (int, float), None)
        game = self._current(call)
        pressed = call.field("pressed", (list, tuple), None)
        key = call.field("key", str, None)
        if pressed is None and key is None:
            raise ProtocolError("expected a payload with 'key' and 'down', or with 'pressed': list")
        down = call.field("down", bool) if pressed is None else True
        if game is not None and game.state not in OVER:
            when = game.wall() if time is None else float(time)
            if pressed is None:
                game.press(pressed_name(key), down, when)
            else:
                game.hold([pressed_name(str(name)) for name in pressed], when)
        return {"ok": True}

    async def replay(self, call: "Call") -> "ReplayFields":
        """Replay recorded episodes, a running game paused; see ``Replay``."""
        if self._game is not None:
            self._game.pause()
        return await self._replay.replay(call)

    def _current(self, call: "Call") -> "Game | None":
        """Return the game that a payload is about, None if it is not this one any more."""
        game, id = self._game, call.field("game", int, None)
        return game if game is not None and id in (None, game.id) else None

    def end(self) -> None:
        """End the game, if there is one: the environment is about to change."""
        game, self._game = self._game, None
        if game is not None:
            game.close()
