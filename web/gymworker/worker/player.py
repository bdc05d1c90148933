"""The requests of play, and who may touch the environment meanwhile. Runs in the worker."""

from ..errors import ProtocolError
from .clock import Clock
from .game import OVER, PAUSED, Game
from .keys import pressed_name
from .payload import field
from .play_settings import PlaySettings, checked_fps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..protocol import PlayStateFields
    from .environment import Environment
    from .outbox import Send

    Handler = Callable[[Any], Any]


class Player:
    """The one game of a worker. Most methods handle a request and take its payload.

    Args:
        environment: what is played.
        caller: returns how to send to the page whose request runs now, and the request's id.
        make_clock: makes the clock of a game.
    """

    def __init__(
        self,
        environment: "Environment",
        caller: "Callable[[], tuple[Send, Any]]",
        make_clock: "Callable[[], Any]" = Clock,
    ) -> None:
        self._environment = environment
        self._caller = caller
        self._make_clock = make_clock
        self._game: Game | None = None

    def play(self, payload: "Any") -> "dict[str, Any]":
        """End the game that runs, and begin one; see ``protocol.PlayPayload``.

        Raises:
            ProtocolError: a setting is wrong.
            BaseException: whatever the environment raised in ``reset``.
        """
        send, id = self._caller()
        env = self._environment.required()
        self.end()
        settings = PlaySettings(payload, env, self._environment.names)
        game = Game(id, settings, self._environment, send, self._make_clock())
        game.start()
        self._game = game
        return {
            "controls": settings.controls(),
            "fps": settings.fps,
            "agents": list(settings.seats) if settings.parallel else [],
            "code": self._environment.code_hash,
            "state": game.describe(),
        }

    def control(self, payload: "Any") -> "PlayStateFields":
        """Do what the page commands; see ``protocol.ControlPayload``."""
        command = field(payload, "command", str, None)
        fps = field(payload, "fps", object, None)
        seed = field(payload, "seed", int, None)
        steps = field(payload, "steps", bool, None)
        game = self._current(payload)
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

    def keys(self, payload: "Any") -> "dict[str, Any]":
        """Take keys as they change; see ``protocol.KeysPayload``. Without a game: nothing."""
        time = field(payload, "time", (int, float), None)
        game = self._current(payload)
        pressed = field(payload, "pressed", (list, tuple), None)
        key = field(payload, "key", str, None)
        if pressed is None and key is None:
            raise ProtocolError("expected a payload with 'key' and 'down', or with 'pressed': list")
        down = field(payload, "down", bool) if pressed is None else True
        if game is not None and game.state not in OVER:
            when = game.wall() if time is None else float(time)
            if pressed is None:
                game.press(pressed_name(key), down, when)
            else:
                game.hold([pressed_name(str(name)) for name in pressed], when)
        return {"ok": True}

    def _current(self, payload: "Any") -> "Game | None":
        """Return the game that a payload is about, None if it is not this one any more."""
        game, id = self._game, field(payload, "game", int, None)
        return game if game is not None and id in (None, game.id) else None

    def end(self) -> None:
        """End the game, if there is one: the environment is about to change."""
        game, self._game = self._game, None
        if game is not None:
            game.close()

    def guarded(self, handler: "Handler") -> "Handler":
        """Return a handler that steps or resets the environment, which no running game allows.

        Raises:
            ProtocolError: a game runs.
        """

        def handle(payload: "Any") -> "Any":
            self.check_free()
            result = handler(payload)
            if self._game is not None and self._game.state == PAUSED:
                self._game.touch(result["obs"])
            return result

        return handle

    def check_free(self) -> None:
        """Make sure that no game runs.

        Raises:
            ProtocolError: one does.
        """
        if self._game is not None and self._game.state not in (PAUSED, *OVER):
            raise ProtocolError("a game is running: pause or stop it first")
