"""Running the user's worker script, as a module that tracebacks can name. Runs in the worker."""

import asyncio
import importlib
import logging

import js

from ...protocol import ERROR
from ..tracebacks import describe
from . import messages
from .settings import settings


def launch() -> None:
    """Import the script that the page named; tell the page if that fails."""
    try:
        importlib.import_module(settings()["script"])
        if note := getattr(js, "gymworkerNote", None):  # of the server's module that starts Pyodide
            logging.getLogger("gymworker").warning("%s", note)
    except BaseException as error:
        message = {"type": ERROR, "error": {**describe(error), "fatal": True}}
        page = messages.listen(
            lambda page, request: page.send(message), lambda page: page.send(message)
        )
        # In the next turn: a page in JavaScript has the worker only after its script has run.
        asyncio.get_running_loop().call_soon(page.send, message)
