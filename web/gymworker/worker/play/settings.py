"""The settings of a game: the page's, the environment's own, the defaults. Runs in the worker.

Each keyword of ``play`` in the request overrides the one in the ``play`` dict that the
environment's code left.
"""

import numbers
import operator
from functools import partial

from ...errors import ProtocolError
from ..introduction import AEC, VECTOR, kind_of
from ..keys.keyboard import INPUT_MODES, PRESSED_KEYS
from ..vectors import refuse
from .labels import Labels
from .seating import agents_in, seats
from .seats import Seat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = {
    "fps": "fps",
    "action_mapping": "actionMapping",
    "keys_to_action": "actionMapping",
    "default_action": "defaultAction",
    "noop": "defaultAction",
    "input_mode": "inputMode",
    "pointer": "pointer",
    "wait_on_player": "waitOnPlayer",
    "num_episodes": "numEpisodes",
    "max_steps": "maxSteps",
    "seed": "seed",
    "options": "options",
    "agents": "agents",
    "seats": "seats",
    "labels": "labels",
    "steps": "steps",
    "paused": "paused",
    "rest": "rest",
    "record": "record",
    "keep": "keep",
    "sync_test": "syncTest",
}
"""The keywords of Python and what they are called on the wire."""

WATCHING = {"fps", "steps", "paused"}
"""What a page may say of a recording that it watches."""

FASTEST = 1000.0
"""Steps a second; the clocks of browsers tick in milliseconds."""

USUAL_FPS = 30.0


class PlaySettings:
    """What a game needs to know, checked.

    Args:
        payload: of the request; see ``protocol.PlayPayload``.
        env: the environment.
        module: the names that the environment's code left.
        parallel: whether actions go by agent, as in PettingZoo's ``ParallelEnv``.
        pace: steps a second of the recording that is watched, 0 if it does not say, None where
            none is.

    Attributes:
        seats: who decides for which agent, by agent.
        parallel: as given.

    Raises:
        ProtocolError: a setting is wrong, or nobody decides for an agent; it says how to go on.
    """

    def __init__(
        self,
        payload: "Any",
        env: "Any",
        module: "dict[str, Any]",
        parallel: bool,
        pace: "float | None" = None,
    ) -> None:
        kind = kind_of(env)
        if kind == VECTOR:
            raise refuse(env, "play")
        own = module.get("play")
        own = _named(own if isinstance(own, dict) else {})  # a function of that name: no settings
        asked = _named(payload)
        if pace is not None:
            own = _of_recording(own, asked, pace)
        values = {**own, **asked}
        self.fps = checked_fps(values["fps"]) if "fps" in values else _fps_of(env)
        self.input_mode = values.get("inputMode", PRESSED_KEYS)
        if self.input_mode not in INPUT_MODES:
            known = " or ".join(repr(mode) for mode in INPUT_MODES)
            raise ProtocolError(f"expected input_mode to be {known}, got {self.input_mode!r:.80}")
        self.wait_on_player = _checked(values, "waitOnPlayer", bool, kind == AEC)
        self.num_episodes = _positive(values, "numEpisodes")
        self.max_steps = _positive(values, "maxSteps")
        self.seed = _int(values, "seed")
        self.options = _checked(values, "options", dict, None)
        self.steps = _checked(values, "steps", bool, False)
        self.paused = _checked(values, "paused", bool, False)
        self.rest = _checked(values, "rest", bool, False)
        self.record = _checked(values, "record", bool, True)
        self.keep = _budget(values.get("keep"))
        self.sync_test = _positive(values, "syncTest")
        self.parallel = parallel
        self._watches = pace is not None
        self._seating = partial(seats, own, asked, module=module, parallel=parallel)
        self.seats: dict[Any, Seat] = (
            {agent: Seat(agent, None) for agent in agents_in(env, parallel)}
            if self._watches
            else self._seating(env=env)
        )
        self.labels = Labels(values.get("labels"), self.seats)

    def join(self, agent: "Any", env: "Any") -> Seat:
        """Return the seat of an agent that was not known when the game began.

        Args:
            agent: who joins.
            env: the environment as it is now.

        Raises:
            ProtocolError: nobody decides for it; it says how to go on.
        """
        if self._watches:
            made = Seat(agent, None)
        else:
            made = self._seating(env=env, earlier=self.seats, joining=agent)[agent]
        self.seats[agent] = made
        return made

    def controls(self) -> "list[dict[str, Any]]":
        """Return the keys and their actions, for a page to show."""
        found = []
        for seat in self.seats.values():
            for control in [] if seat.mapping is None else seat.mapping.controls(seat.agent):
                label = self.labels.of(control["action"], seat.agent)
                found.append(control if label is None else {**control, "label": label})
        return found

    @property
    def pointer(self) -> bool:
        """Whether the mouse or a finger on the picture plays."""
        return any(seat.pointer is not None for seat in self.seats.values())

    def deciders(self) -> "list[dict[str, Any]]":
        """Return who decides for whom, and who could; nobody does in a recording."""
        return [
            {"agent": seat.agent, "kind": seat.kind, "choices": seat.choices}
            for seat in self.seats.values()
            if seat.choices
        ]


def checked_fps(value: "Any") -> float:
    """Return frames a second as a float.

    Raises:
        ProtocolError: it is no number, or out of range.
    """
    if not _is_fps(value):
        raise ProtocolError(f"expected fps to be more than 0 and at most 1000, got {value!r:.80}")
    return float(value)


def _is_fps(value: "Any") -> bool:
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_number and 0 < value <= FASTEST


def _budget(keep: "Any") -> "dict[str, Any] | None":
    """Return what states may cost, as ``Keyframes`` takes it; None where none are kept."""
    if keep is None or keep is False:
        return None
    given = {} if keep is True else keep
    numbers_only = isinstance(given, dict) and all(
        isinstance(value, int | float) and not isinstance(value, bool) and value > 0
        for value in given.values()
    )
    if not numbers_only or not set(given) <= {"share", "bytes"} or given.get("share", 0) > 1:
        raise ProtocolError(
            "expected keep to be a bool, or {share, bytes}: of the time that states may take, up "
            f"to 1, and of memory; got {keep!r:.80}"
        )
    return dict(given)


def _fps_of(env: "Any") -> float:
    """Return the pace that the environment is made for."""
    metadata = getattr(env, "metadata", None)
    value = metadata.get("render_fps") if isinstance(metadata, dict) else None
    return checked_fps(value) if _is_fps(value) else USUAL_FPS


def _of_recording(own: "dict[str, Any]", asked: "dict[str, Any]", pace: float) -> "dict[str, Any]":
    """Return the settings of a recording, which are in the place of the environment's own.

    Raises:
        ProtocolError: the page asks for what the recording says.
    """
    others = sorted(set(asked) - WATCHING)
    if others:
        raise ProtocolError(
            f"a recording says itself what is played: leave out {', '.join(others)}; "
            "fps, steps and paused go with it"
        )
    fps = pace or own.get("fps")
    return {"record": False, **({"fps": fps} if fps else {})}


def _named(given: "Any") -> "dict[str, Any]":
    """Return settings by their names on the wire, without those that are None."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ProtocolError(f"expected an object as payload, got {type(given).__name__}")
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in given.items():
        wire: Any = NAMES.get(name, name)
        if wire not in NAMES.values():
            known = ", ".join(sorted(NAMES))
            raise ProtocolError(f"play has no setting {name!r}; it has {known}")
        if value is None:
            continue
        if wire in values:
            raise ProtocolError(f"{names[wire]} and {name} are the same setting; leave one out")
        values[wire], names[wire] = value, name
    return values


def _checked(values: "dict[str, Any]", name: str, kind: type, default: "Any") -> "Any":
    value = values.get(name, default)
    if value is not default and not isinstance(value, kind):
        raise ProtocolError(f"expected {name} to be {kind.__name__}, got {value!r:.80}")
    return value


def _int(values: "dict[str, Any]", name: str) -> "int | None":
    value = values.get(name)
    if value is None:
        return None
    try:
        if not isinstance(value, bool):
            return operator.index(value)
    except TypeError:
        pass
    raise ProtocolError(f"expected {name} to be int, got {value!r:.80}")


def _positive(values: "dict[str, Any]", name: str) -> "int | None":
    value = _int(values, name)
    if value is not None and value < 1:
        raise ProtocolError(f"expected {name} to be at least 1, or none at all, got {value}")
    return value
