"""Running the user's worker script, as a module that tracebacks can name. Runs in the worker."""

import asyncio
import importlib

from ..protocol import ERROR
from . import channel
from .tracebacks import describe


def launch() -> None:
    """Import the script that the page named; tell the page if that fails."""
    try:
        importlib.import_module(channel.settings()["script"])
    except BaseException as error:
        message = {"type": ERROR, "error": {**describe(error), "fatal": True}}
        page = channel.listen(
            lambda client, request: client.send(message), lambda client: client.send(message)
        )
        # In the next turn: a page in JavaScript has the worker only after its script has run.
        asyncio.get_running_loop().call_soon(page.send, message)
