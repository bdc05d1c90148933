"""The exceptions of gymworker, on the page and in the worker.

    GymWorkerError
    ├── MisuseError                the caller or its data is at fault
    │   ├── WorkerClosedError      the worker was destroyed, or is about to be
    │   ├── ProtocolError          a message does not follow the protocol
    │   ├── RecordingError         a recorded game cannot be read; names the line
    │   ├── StateError             a state cannot be saved or restored; names the path, or says why
    │   └── EncodeError            a value cannot be sent; names the path to it
    ├── NondeterminismError        the same steps came out differently; names the place
    ├── LoadError                  a file of the site could not be loaded; names it, and says why
    ├── RemoteError                Python in the worker raised; carries its traceback
    └── TransportError             the worker itself is at fault
        ├── WorkerStartError       it did not reach READY
        ├── WorkerCrashedError     it died
        └── RequestTimeoutError    it did not answer in time

`except GymWorkerError` catches all of them.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class GymWorkerError(Exception):
    """Base of everything that gymworker raises."""


class MisuseError(GymWorkerError):
    """The caller, or the data that it gave, is at fault."""


class WorkerClosedError(MisuseError):
    """The worker has been destroyed."""


class ProtocolError(MisuseError):
    """A message does not follow the protocol."""


class RecordingError(MisuseError):
    """A recorded game cannot be read.

    Attributes:
        line: of the file, from 1; None where there is no file.
    """

    def __init__(self, problem: str, line: "int | None" = None) -> None:
        super().__init__(problem if line is None else "line " + str(line) + ": " + problem)
        self.line = line


class StateError(MisuseError):
    """The state of an environment cannot be saved or restored; nothing was changed."""


class EncodeError(MisuseError):
    """A value cannot be sent to the other side.

    Attributes:
        keys: The keys and indices that lead to the value, outermost first.
        path: The same as text, such as `infos['human']['policy']`.
        reason: What is wrong with it.
    """

    def __init__(self, keys: "tuple[Any, ...]", reason: str, name: str = "") -> None:
        self.keys = keys
        self.reason = reason
        self.path = _path_text(name, keys)
        super().__init__(self.path + ": " + reason)

    def within(self, key: "Any") -> "EncodeError":
        """The same error as seen from inside the container at `key`, the first of its keys."""
        return EncodeError(self.keys[1:], self.reason) if self.keys[:1] == (key,) else self


class NondeterminismError(GymWorkerError):
    """A sync test made the same steps again, and they came out differently."""


class LoadError(GymWorkerError):
    """A file of the site could not be loaded."""


class RemoteError(GymWorkerError):
    """Python code in the worker raised an exception.

    Attributes:
        remote_type: Name of the exception's type in the worker, such as `ValueError`.
        remote_traceback: The Python traceback as text.
        failed_index: For a batch, the index of the operation that failed, else None.
        partial_results: For a batch, the results before the failure, else None.
    """

    def __init__(
        self,
        message: str,
        remote_type: str = "Exception",
        remote_traceback: str = "",
        failed_index: "int | None" = None,
        partial_results: "list[Any] | None" = None,
    ) -> None:
        super().__init__(message)
        self.remote_type = remote_type
        self.remote_traceback = remote_traceback
        self.failed_index = failed_index
        self.partial_results = partial_results


class TransportError(GymWorkerError):
    """The worker is at fault, rather than the code that runs in it.

    Attributes:
        remote_traceback: The Python traceback from the worker as text, empty where there is none.
    """

    def __init__(self, message: str, remote_traceback: str = "") -> None:
        super().__init__(message)
        self.remote_traceback = remote_traceback


class WorkerStartError(TransportError):
    """The worker did not reach READY."""


class WorkerCrashedError(TransportError):
    """The worker died."""


class RequestTimeoutError(TransportError):
    """The worker did not answer in time."""


def _path_text(name: str, keys: "tuple[Any, ...]") -> str:
    text = name
    for key in keys:
        text = text + "[" + repr(key) + "]" if text else str(key)
    return text or "value"
