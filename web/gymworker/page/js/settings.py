"""The worker's settings, as the page has them and as PyScript wants them. Runs on the page."""

import js
from pyscript import config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ENTRY = "gymworker/worker/js/entry.py"
"""What PyScript runs in the worker; it runs the user's script and reports how that fails."""

SCRIPT = "worker.py"
"""The user's script, where a page names no other."""


def settings() -> "dict[str, Any]":
    """Return the ``[worker]`` table of ``pyscript.toml``, as the server completed it."""
    return dict(config["worker"])


def absolute(address: str) -> str:
    """Return an absolute address: the worker is a Blob, for which none is relative."""
    return str(js.URL.new(address, js.document.baseURI).href)


def wanted(script: str, worker: "dict[str, Any]") -> "list[dict[str, Any]]":
    """Return the ``{"url", "bytes"}`` of what a worker needs to start; 0 for an unknown size."""
    downloads = list(worker.get("downloads", []))
    if not downloads:  # of another host's, which may forbid it
        return []
    ours = [worker["interpreter"], ENTRY, script] + list(worker.get("files", {}).keys())
    return [{"url": address, "bytes": 0} for address in ours] + downloads


def take_started(script: str, worker: "dict[str, Any]") -> "Any":
    """Return the worker that a ``<script type="py" worker>`` of the page started, or None.

    PyScript starts it while MicroPython loads, which brings READY forward by that time. There is
    one to take: a second worker on the page, or one after a restart, starts anew.
    """
    tag = js.document.querySelector('script[type="py"][worker][src="' + ENTRY + '"]')
    if not tag or script != SCRIPT or worker != settings():
        return None
    tag.remove()
    return getattr(tag, "xworker", None)


def pyscript_config(script: str, worker: "dict[str, Any]") -> "dict[str, Any]":
    """Return what PyScript needs to start the worker: absolute addresses, all files."""
    ours = ("downloads", "interpreter", "packages", "files", "helpers")
    passed = {key: value for key, value in worker.items() if key not in ours}
    files = {absolute(source): target for source, target in worker.get("files", {}).items()}
    name = script.split("/")[-1]
    files[absolute(script)] = "./" + name
    passed["files"] = files
    passed["sync_main_only"] = True  # else PyScript warns that the page is not isolated
    passed["gymworker"] = {"script": name[: -len(".py")], "packages": worker.get("packages", [])}
    return passed
