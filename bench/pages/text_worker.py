"""Python on both sides and a text between: the worker's half."""

import json

from polyscript import xworker
from pyodide.ffi import create_proxy

import __main__

names = {}


def make(code, kind):
    """Make the environment of a kind."""
    names.clear()
    names["KIND"] = kind
    exec(code, names)


def plain(value):
    """Return lists in the place of an array."""
    return value.tolist() if hasattr(value, "tolist") else value


def step(action, render):
    """Step once."""
    env = names["env"]
    obs, reward, terminated, truncated, info = env.step(action)
    drawn = plain(env.render()) if render else None
    return [plain(obs), float(reward), terminated, truncated, info, drawn]


def connect(event):
    """Take the page's port, and say that Python is there."""
    port = event.ports[0]
    post = port.postMessage

    def receive(event):
        first, second = json.loads(event.data)
        if isinstance(first, str):
            post(json.dumps(make(first, second)))
        elif isinstance(first, list):
            post(json.dumps([step(action, second) for action in first]))
        else:
            post(json.dumps(step(first, second)))

    port.onmessage = create_proxy(receive)
    post("ready")


xworker.onmessage = connect
__main__.xworker = xworker  # PyScript looks for this name there, for each event
