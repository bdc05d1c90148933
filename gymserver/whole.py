"""Files that are sent whole or not at all, although they change while they are sent."""

import logging
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING, Any
from wsgiref.util import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("gymserver")


class WholeFile:
    """A file for `wsgi.file_wrapper` with as many bytes as were promised.

    A server that waits for more of a file that was cut short waits for ever, and waitress does so
    in its main loop. After an `OSError` it closes the connection, by which the browser notices.

    Args:
        file: open, seekable.
        size: how many bytes it has.
    """

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._size = size
        self.close, self.seek, self.seekable, self.tell = (
            file.close,
            file.seek,
            file.seekable,
            file.tell,
        )

    def read(self, size: int = -1) -> bytes:
        """Reads what is there of what was promised, at most `size` bytes.

        Raises:
            OSError: less is there than was promised.
        """
        left = max(self._size - self._file.tell(), 0)
        wanted = left if size < 0 else min(size, left)
        content = self._file.read(wanted)
        if len(content) < wanted:
            log.warning("%s was cut short while it was sent", self._file.name)
            raise OSError("a file was cut short while it was sent")
        return content


def whole_files(application: "WSGIApplication") -> "WSGIApplication":
    """Lets an application send `WholeFile`s in place of files."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        promised: list[int] = []
        wrap: Callable[..., Iterable[bytes]] = environ.get("wsgi.file_wrapper", FileWrapper)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            promised.extend(int(text) for name, text in headers if name == "Content-Length")
            return start_response(status, headers, *rest)

        def wrap_whole(file: IO[bytes], *block_size: int) -> Iterable[bytes]:
            if not file.seekable():  # a part of a file; what counts it is the server
                return wrap(file, *block_size)
            size = file.seek(0, 2)
            file.seek(0)
            # WhiteNoise promises what the file had at the start of the server.
            if promised and size < promised[0]:
                file.close()
                raise RuntimeError(f"{file.name} was cut short")  # an answer of its own: 500
            return wrap(WholeFile(file, promised[0] if promised else size), *block_size)

        environ["wsgi.file_wrapper"] = wrap_whole
        return application(environ, start)

    return wrapped
