"""The requests of play. Runs in the worker."""

import asyncio

from ...codec import encode
from ...errors import ProtocolError
from ...keynames import pressed_name
from ...protocol import RESULT
from .checkpoints import Checkpoints, Restoring
from .clock import Clock
from .course import FAILED, OVER
from .game import Game
from .replay import Replay, Rests, records_of
from .settings import PlaySettings, checked_fps
from .watching import WatchedGame, pace, titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar

    from ...shapes import PlayStateFields, ReplayFields
    from ..call import Call
    from ..environment import Environment
    from ..environments import Environments

    Moved = TypeVar("Moved")

MOST_OF_MARK = 80
"""Characters of what a page marks."""

NO_SETTINGS = ("check", "recording", "episodes", "env", "checkpoint", "restore")
"""Fields of a ``play`` that are no settings."""


class PlayRequests:
    """The one game of a worker. Most methods handle a request and take its payload.

    Args:
        environments: of which one is played.
        make_clock: makes the clock of a game.
    """

    def __init__(
        self,
        environments: "Environments",
        make_clock: "Callable[[], Any]" = Clock,
    ) -> None:
        self._environments = environments
        self._make_clock = make_clock
        self._game: Game | None = None
        self._played: Environment | None = None
        self._checkpoints: Checkpoints | None = None
        self._moving = False

    def play(self, call: "Call") -> "dict[str, Any]":
        """Begin a game, in the place of the one that runs; see ``protocol.PlayPayload``.

        What is wrong with the request is found before that one ends. With ``check`` nothing else
        happens, and the reply has no state.

        Raises:
            ProtocolError: a setting is wrong.
            EncodeError: the reply cannot be sent.
            StateError: it cannot be restored.
            BaseException: whatever the environment raised in ``reset``; there is no game then.
        """
        environment = self._environments.of(call.payload)
        payload = call.payload or {}
        check = call.field("check", bool, False)
        interval = _interval(call)
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
            "fps": settings.fps,
            "code": environment.code_hash,
            **_seated(settings),
        }
        if settings.pointer:
            reply["pointer"] = True
        if records is not None:
            reply["episodes"] = titles(records)
        call.check({"type": RESULT, "id": call.id, "result": reply})
        restore, restoring = call.field("restore", dict, None), None
        if restore is not None:
            restoring = Restoring(restore, self._environments.states(environment))
        if check:
            return reply
        self.end()
        clock = self._make_clock()
        args = call.id, settings, environment, call.send, clock
        game = Game(*args) if records is None else WatchedGame(*args, records=records)
        if restoring is None:
            game.start()
        else:
            restoring.into(game)
        self._game, self._played = game, environment
        if interval is not None and records is None:
            self._checkpoints = Checkpoints(
                game, environment, self._environments.states, interval, call.send, clock,
                lambda: self._moving, known=restoring is not None,
            )  # fmt: skip
        return {**reply, **_seated(settings), "state": game.fields()}  # agents may have come

    def controls(self, environment: "Environment") -> "list[dict[str, Any]]":
        """Return the keys of an environment as it brings them along, none if it has none."""
        try:
            settings = PlaySettings(
                None, environment.required(), environment.names, environment.parallel
            )
            found = settings.controls()
            encode(found)
        except Exception:  # whatever is wrong or missing, ``play`` will say so
            return []
        return found

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
            "act": lambda: game.act(call.field("actions", object)),
        }
        awaited = {"seek": self._seek, "rewind": self._rewind, "correct": self._correct}
        if command in awaited:
            return self._on_the_way(awaited[command](game, call))
        if command not in commands and (command is not None or (fps is None and steps is None)):
            known = ", ".join([*commands, *awaited])
            raise ProtocolError(f"expected a command of {known}, got {command!r:.80}")
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

    async def _rewind(self, game: Game, call: "Call") -> "PlayStateFields":
        step, before = call.field("step", int), game.state
        await game.rewind(step, Rests(call, "rewind", step))
        return _answer(game, before)

    async def _correct(self, game: Game, call: "Call") -> "PlayStateFields":
        corrections, before = list(call.field("corrections", (list, tuple))), game.state
        game.check_episode(call.field("episode", int, None))
        found = await game.correct(corrections, Rests(call, "correct", game.fields()["step"]))
        return {**_answer(game, before), **found}  # type: ignore[typeddict-item]

    async def _on_the_way(self, waiting: "Awaitable[Moved]") -> "Moved":
        """Wait for what goes through states in which the game does not stand."""
        self._moving = True
        try:
            return await waiting
        finally:
            self._moving = False

    def keys(self, call: "Call") -> "dict[str, Any]":
        """Take keys as they change; see ``protocol.KeysPayload``. Without a game: nothing."""
        time = call.field("time", (int, float), None)
        game = self._current(call)
        pressed = call.field("pressed", (list, tuple), None)
        key = call.field("key", str, None)
        mark = call.field("mark", str, None)
        amount = call.field("amount", (int, float), None)
        pointer = call.field("pointer", (list, tuple), None)
        if pressed is None and key is None and mark is None and pointer is None:
            raise ProtocolError(
                "expected a payload with 'pointer': [x, y, down] or [], with 'key' and 'down', "
                "with 'pressed': list, or with 'mark'"
            )
        place, held = _place(pointer)
        if amount is not None and not 0 < amount <= 1:
            raise ProtocolError(f"expected amount to be more than 0 and at most 1, got {amount}")
        down = call.field("down", bool) if key is not None and pressed is None else True
        if game is None or game.state in OVER:
            return {"ok": True}
        if mark is not None:
            game.events.mark(mark[:MOST_OF_MARK], time)
        if pressed is not None:
            names = [pressed_name(str(name)) for name in pressed]
            game.events.hold(names, time)
            game.hold(names, time)
        elif key is not None:
            game.events.key(pressed_name(key), down, time)
            game.press(pressed_name(key), down, time, amount)
        if pointer is not None:
            game.events.pointer(place, held, time)
            game.point(place, held, time)
        return {"ok": True}

    async def replay(self, call: "Call") -> "ReplayFields":
        """Replay recorded episodes, a running game paused; see ``Replay``."""
        if self._game is not None:
            self._game.pause()
        return await self._on_the_way(Replay(self._environments.of(call.payload)).replay(call))

    def end(self, environment: "Environment | None" = None) -> None:
        """End the game, if there is one: the environment, or this one alone, is about to change."""
        if environment is not None and environment is not self._played:
            return
        game, self._game = self._game, None
        checkpoints, self._checkpoints = self._checkpoints, None
        if checkpoints is not None:
            checkpoints.close()
        if game is not None:
            game.close()

    def _current(self, call: "Call") -> "Game | None":
        """Return the game that a payload is about, None if it is not this one any more."""
        game, id = self._game, call.field("game", int, None)
        return game if game is not None and id in (None, game.id) else None


def _interval(call: "Call") -> float | None:
    """Return the seconds between two checkpoints, None for none."""
    interval: float | None = call.field("checkpoint", (int, float), None)
    if not interval:
        return None
    if not interval > 0:
        raise ProtocolError(f"expected checkpoint to be seconds, 0 for none, got {interval!r:.80}")
    return float(interval)


def _seated(settings: PlaySettings) -> "dict[str, Any]":
    """Return who plays and how, for the page."""
    return {
        "controls": settings.controls(),
        "agents": list(settings.seats) if settings.parallel else [],
        "seats": settings.deciders(),
    }


def _place(pointer: "Any") -> "tuple[tuple[float, float] | None, bool]":
    """Return where the pointer is, cut off at the sides of the picture, and whether it is pressed.

    Raises:
        ProtocolError: it is neither ``[x, y, down]`` nor empty.
    """
    if not pointer:
        return None, False
    if len(pointer) != 3 or not all(_is_part(part) for part in pointer[:2]):
        raise ProtocolError(
            "expected pointer to be [x, y, down], x and y from 0 to 1 of the picture, or [] where "
            f"it is not on it, got {pointer!r:.80}"
        )
    x, y = (min(max(float(part), 0.0), 1.0) for part in pointer[:2])
    return (x, y), bool(pointer[2])


def _is_part(value: "Any") -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value


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
