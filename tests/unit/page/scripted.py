"""A worker that says what a test makes it say, at once."""

from collections.abc import Sequence
from typing import Any

from gymworker.codec import encode
from gymworker.envelope import read_request, write_message
from gymworker.page.client import PyodideWorker
from gymworker.protocol import PROTOCOL_VERSION

VERSION = {"protocol": PROTOCOL_VERSION, "python": "3", "pyodide": "0", "packages": {}}


class Scripted:
    """The connection of a page to it.

    Attributes:
        received: the requests that it got.
        closed: whether the page ended it.
    """

    def __init__(self, on_message: Any, on_failure: Any) -> None:
        self.received: list[Any] = []
        self.closed = False
        self._on_message = on_message

    def post(self, text: str, buffers: Sequence[Any] = ()) -> None:
        self.received.append(read_request(text, list(buffers)))

    def close(self) -> None:
        self.closed = True

    def say(self, type: str, **fields: Any) -> None:
        """Tells the page something."""
        text, buffers = encode({"type": type, **fields})
        self._on_message(text, buffers)

    def ready(self) -> None:
        """Tells the page that it is ready."""
        self.say("ready", version=VERSION)

    def answer(self, result: Any, request: int = -1) -> None:
        """Answers a request, the last by default."""
        id = self.received[request]["id"]
        self._on_message(*write_message({"type": "result", "id": id, "result": result}))

    def state(self, number: int, state: str = "running", **fields: Any) -> dict[str, Any]:
        """The fields of a state."""
        return {"number": number, "state": state, "fps": 10.0, "step": number, **fields}

    def play(self, number: int = 1, state: str = "running", **fields: Any) -> None:
        """Answers the last request, which began a game."""
        about = {"controls": [], "agents": [], "code": "c0de", "fps": 10}
        self.answer({**about, "state": self.state(number, state, **fields)})

    def tell(self, game: int, number: int, state: str = "running", **fields: Any) -> None:
        """Tells the state of a game."""
        self.say("playState", game=game, **self.state(number, state, **fields))

    @property
    def payloads(self) -> list[tuple[str, Any]]:
        """What it was asked for, with the payload."""
        return [(message["type"], message["payload"]) for message in self.received]


def scripted(**options: Any) -> tuple[PyodideWorker, Scripted]:
    """A client and its worker, which is ready."""
    made: list[Scripted] = []

    def connect(on_message: Any, on_failure: Any) -> Scripted:
        made.append(Scripted(on_message, on_failure))
        return made[-1]

    worker = PyodideWorker(connect=connect, **options)
    made[0].ready()
    return worker, made[0]
