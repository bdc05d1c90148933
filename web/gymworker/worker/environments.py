"""The environments of a worker, by name. Runs in the worker.

A request says in the field ``env`` of its payload which one it is about. Without it that is the
default: the first that was made.
"""

from ..errors import ProtocolError
from .environment import Environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .canvas.painter import Painter
    from .snapshot.states import States

FIRST = "env"
"""The name of the default where it was made without one."""


class Environments:
    """The environments of a worker.

    Attributes:
        default: the first that was made; before that one that holds nothing.
    """

    def __init__(self) -> None:
        self.default = Environment()
        self._by_name: dict[str, Environment] = {}
        self._painter: Painter | None = None
        self._states: dict[Environment, States] = {}

    @property
    def painter(self) -> "Painter | None":
        """Shows what any of them renders, if there is a canvas."""
        return self._painter

    @painter.setter
    def painter(self, painter: "Painter | None") -> None:
        self._painter = painter
        for environment in (self.default, *self._by_name.values()):
            environment.painter = painter

    def named(self, name: "Any") -> Environment:
        """Return the environment of a name, the default for None.

        Raises:
            ProtocolError: there is none of that name.
        """
        if name is None:
            return self.default
        found = self._by_name.get(name) if isinstance(name, str) else None
        if found is None:
            known = ", ".join(repr(one) for one in self._by_name) or "none yet: send initEnv first"
            raise ProtocolError(f"there is no environment {name!r:.80}; there is {known}")
        return found

    def of(self, payload: "Any") -> Environment:
        """Return the environment that a payload is about; see ``named``."""
        return self.named(payload.get("env") if isinstance(payload, dict) else None)

    def is_default(self, name: "str | None") -> bool:
        """Tell whether an environment of this name is, or would become, the default."""
        return name is None or not self._by_name or self._by_name.get(name) is self.default

    def place(self, name: "str | None") -> "tuple[str, Environment]":
        """Return where an environment of this name is put, and its name.

        Args:
            name: None for the default.
        """
        if name is None:
            name = next(iter(self._by_name), FIRST)
        if name not in self._by_name:
            self._by_name[name] = Environment() if self._by_name else self.default
            self._by_name[name].painter = self._painter
        return name, self._by_name[name]

    def states(self, environment: Environment) -> "States":
        """Return what saves and restores the states of one of them."""
        if environment not in self._states:
            from .snapshot.states import States  # no boot waits for it

            self._states[environment] = States(environment)
        return self._states[environment]

    def present(self, frame: "Any") -> None:
        """Take a frame that one of them shows by itself; see ``Environment.present``."""
        rendering = [one for one in self._by_name.values() if one.rendering]
        (rendering or [self.default])[0].present(frame)
