"""A worker in reserve, which has booted before it is needed. Runs on the page."""

from ..codec import decode
from ..protocol import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Receive = Callable[[str, list[Any] | tuple[()]], None]


class Spares:
    """Connects to a worker; to the one in reserve, where there is one that has not failed.

    Args:
        connect: ``connect(on_message, on_failure)`` starts a worker; see ``link.Link``.
        wanted: whether there is to be one in reserve.
    """

    def __init__(self, connect: "Callable[..., Any]", wanted: bool) -> None:
        self._connect = connect
        self._wanted = wanted
        self._spare: _Spare | None = None

    def __call__(
        self,
        on_message: "Receive",
        on_failure: "Callable[[Exception], None]",
    ) -> "Any":
        """Return a connection, as ``connect`` does."""
        spare, self._spare = self._spare, None
        if spare is None or spare.failed:
            return self._connect(on_message, on_failure)
        spare.take(on_message, on_failure)
        return spare.connection

    def prepare(self) -> None:
        """Start a worker to be held in reserve, where it is wanted and there is none."""
        if self._wanted and (self._spare is None or self._spare.failed):
            self._spare = _Spare(self._connect)

    def close(self) -> None:
        """End the worker in reserve. May be called twice."""
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.connection.close()


class _Spare:
    """A worker that boots for nobody yet; what it says is kept for whoever takes it."""

    def __init__(self, connect: "Callable[..., Any]") -> None:
        self.failed = False
        self._said: list[tuple[str, list[Any] | tuple[()]]] = []
        self._on_message: Receive = self._keep
        self._on_failure: Callable[[Exception], None] = self._fail
        self.connection = connect(
            lambda text, buffers: self._on_message(text, buffers),
            lambda error: self._on_failure(error),
        )

    def take(
        self,
        on_message: "Receive",
        on_failure: "Callable[[Exception], None]",
    ) -> None:
        """Hand over what it said so far, and what it says from now on."""
        self._on_message, self._on_failure = on_message, on_failure
        said, self._said = self._said, []
        for text, buffers in said:
            on_message(text, buffers)

    def _keep(self, text: str, buffers: "list[Any] | tuple[()]") -> None:
        if "fatal" in text and _is_fatal(decode(text, buffers)):
            self._fail()
        else:
            self._said.append((text, buffers))

    def _fail(self, error: "Exception | None" = None) -> None:
        self.failed = True
        self.connection.close()


def _is_fatal(message: "Any") -> bool:
    """Tell whether a worker says that its boot has failed."""
    return message["type"] == ERROR and bool(message["error"].get("fatal"))
