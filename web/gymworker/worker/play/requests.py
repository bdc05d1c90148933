"""The requests of play. Runs in the worker."""

import asyncio

from ...errors import ProtocolError
from ...keynames import pressed_name
from ...protocol import RESULT
from ...recording import header, write_csv, write_lines
from ...recording.record import text_of
from ..text import Text
from .clock import Clock
from .game import FAILED, OVER, Game
from .replay import Replay, Rests, records_of
from .settings import PlaySettings, checked_fps
from .watching import WatchedGame, pace, titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from ...shapes import PlayStateFields, ReplayFields
    from ..call import Call
    from ..environment import Environment

FORMATS = {"jsonl": write_lines, "csv": write_csv}
ABOUT = ("environment", "versions", "code", "visitor")
"""What ``header`` takes."""

MOST_OF_MARK = 80
"""Characters of what a page marks."""

NO_SETTINGS = ("check", "recording", "episodes")
"""Fields of a ``play`` that are no settings."""


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
        """Begin a game, in the place of the one that runs; see ``protocol.PlayPayload``.

        What is wrong with the request is found before that one ends. With ``check`` nothing else
        happens, and the reply has no state.

        Raises:
            ProtocolError: a setting is wrong.
            EncodeError: the reply cannot be sent.
            BaseException: whatever the environment raised in ``reset``; there is no game then.
        """
        environment = self._environment
        payload = call.payload or {}
        check = call.field("check", bool, False)
        records = records_of(call)
        if records == []:
            raise ProtocolError("there is no episode in this recording")
        settings = PlaySettings(
            {name: value for name, value in payload.items() if name not in NO_SETTINGS},
            environment.required(),
            environment.names,
            environment.parallel,
            None if records is None else pace(records),
        )
        reply: dict[str, Any] = {
            "controls": settings.controls(),
            "fps": settings.fps,
            "agents": list(settings.seats) if settings.parallel else [],
            "seats": settings.deciders(),
            "code": environment.code_hash,
        }
        if records is not None:
            reply["episodes"] = titles(records)
        call.check({"type": RESULT, "id": call.id, "result": reply})
        if check:
            return reply
        self.end()
        args = call.id, settings, environment, call.send, self._make_clock()
        game = Game(*args) if records is None else WatchedGame(*args, records=records)
        game.start()
        self._game = game
        reply["state"] = game.fields()
        return reply

    def controls(self) -> "list[dict[str, Any]]":
        """Return the keys of the environment as it brings them along, none if it has none."""
        environment = self._environment
        try:
            settings = PlaySettings(
                None, environment.required(), environment.names, environment.parallel
            )
        except Exception:  # whatever is wrong or missing, ``play`` will say so
            return []
        return settings.controls()

    def control(self, call: "Call") -> "PlayStateFields | Awaitable[PlayStateFields]":
        """Do what the page commands; see ``protocol.ControlPayload``.

        Raises:
            ProtocolError: there is no such game, or command.
            BaseException: why the game has failed with this command.
        """
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
        if command == "seek":
            return self._seek(game, call)
        if command not in commands and (command is not None or (fps is None and steps is None)):
            raise ProtocolError(f"expected a command of {', '.join(commands)}, got {command!r:.80}")
        if fps is not None:
            fps = checked_fps(fps)
            game.set_fps(fps)
            game.events.note("fps", fps)
        if steps is not None:
            game.follow_steps(steps)
        before = game.state
        if command is not None:
            commands[command]()
        if command == "step" and game.thinking is not None:
            return _stepped(game)
        return _answer(game, before)

    async def _seek(self, game: Game, call: "Call") -> "PlayStateFields":
        if not isinstance(game, WatchedGame):
            raise ProtocolError("cannot seek: only a recording has steps to go to")
        step, before = call.field("step", int), game.state
        await game.seek(call.field("episode", int, None), step, Rests(call, "seek", step))
        return _answer(game, before)

    def keys(self, call: "Call") -> "dict[str, Any]":
        """Take keys as they change; see ``protocol.KeysPayload``. Without a game: nothing."""
        time = call.field("time", (int, float), None)
        game = self._current(call)
        pressed = call.field("pressed", (list, tuple), None)
        key = call.field("key", str, None)
        mark = call.field("mark", str, None)
        if pressed is None and key is None and mark is None:
            raise ProtocolError(
                "expected a payload with 'key' and 'down', with 'pressed': list, or with 'mark'"
            )
        down = call.field("down", bool) if key is not None and pressed is None else True
        if game is None or game.state in OVER:
            return {"ok": True}
        if mark is not None:
            game.events.mark(mark[:MOST_OF_MARK], time)
        if pressed is not None:
            held = [pressed_name(str(name)) for name in pressed]
            game.events.hold(held, time)
            game.hold(held, time)
        elif key is not None:
            game.events.key(pressed_name(key), down, time)
            game.press(pressed_name(key), down, time)
        return {"ok": True}

    async def replay(self, call: "Call") -> "ReplayFields":
        """Replay recorded episodes, a running game paused; see ``Replay``."""
        if self._game is not None:
            self._game.pause()
        return await self._replay.replay(call)

    def write_recording(self, call: "Call") -> Text:
        """Write a file of recorded episodes; see ``protocol.WriteRecordingPayload``."""
        records = [line for item in call.field("records", (list, tuple)) for line in _lines(item)]
        format = call.field("format", str, "jsonl")
        about = call.field("about", dict, {})
        if format not in FORMATS:
            raise ProtocolError(f"expected format to be 'jsonl' or 'csv', got {format!r:.80}")
        if not set(about).issubset(ABOUT):
            raise ProtocolError(f"expected about to have {', '.join(ABOUT)}, got {about!r:.80}")
        return Text(FORMATS[format](header(**{"environment": "", **about}), records))

    def end(self) -> None:
        """End the game, if there is one: the environment is about to change."""
        game, self._game = self._game, None
        if game is not None:
            game.close()

    def _current(self, call: "Call") -> "Game | None":
        """Return the game that a payload is about, None if it is not this one any more."""
        game, id = self._game, call.field("game", int, None)
        return game if game is not None and id in (None, game.id) else None


def _lines(item: "Any") -> "list[Any]":
    """Return the records in an item: a page may send many of them as one text."""
    if isinstance(item, dict):
        return [item]
    return [line for line in text_of(item).split("\n") if line]


def _answer(game: Game, before: str) -> "PlayStateFields":
    """Return the state of a game; one that has failed since ``before`` raises its error."""
    if game.error is not None and before != FAILED:
        raise game.error
    return game.fields()


async def _stepped(game: Game) -> "PlayStateFields":
    """Wait until a step is made, and answer."""
    while game.thinking is not None:
        await asyncio.wait([game.thinking])
    return _answer(game, "")
