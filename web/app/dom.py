"""The document, as the page's modules use it: elements, events, tasks. Runs on the page."""

import asyncio

from pyscript import document, ffi, window

root = document.documentElement
view = document.defaultView
"""The window as an object: MicroPython calls the methods of the global one without it."""

on_error = []
"""Called with each exception that a task of the page raised."""


def element(id):
    """Return the element with that id."""
    return document.getElementById(id)


def show(id, text):
    """Put text into the element with that id."""
    document.getElementById(id).textContent = str(text)


def create(tag, parent, text="", **attributes):
    """Add an element to ``parent``; ``class_`` and ``data_x`` mean ``class`` and ``data-x``."""
    made = document.createElement(tag)
    for name, value in attributes.items():
        made.setAttribute(name.strip("_").replace("_", "-"), str(value))
    if text:
        made.textContent = text
    parent.appendChild(made)
    return made


def listen(target, event, handler):
    """Call ``handler(event)`` at each event, for as long as the page lives; it may be async."""

    def handle(happened):
        waiting = handler(happened)
        if hasattr(waiting, "send"):  # a coroutine; MicroPython's are generators
            spawn(waiting)

    target.addEventListener(event, ffi.create_proxy(handle))


def spawn(waiting):
    """Run a coroutine as a task whose exception is told to ``on_error``."""
    return asyncio.create_task(_guarded(waiting))


async def _guarded(waiting):
    try:
        await waiting
    except Exception as error:
        for tell in on_error:
            tell(error)


def save(name, parts, kind):
    """Give the visitor a file.

    Args:
        name: its name.
        parts: what is in it: a JavaScript array of texts, buffers and the like.
        kind: its media type.
    """
    blob = window.Blob.new(parts, ffi.to_js({"type": kind}))
    address = window.URL.createObjectURL(blob)
    link = document.createElement("a")
    link.href, link.download = address, name
    link.click()
    spawn(_forget(address))


async def _forget(address):
    await asyncio.sleep(10)  # the browser has taken the file by then
    window.URL.revokeObjectURL(address)
