"""The page: starts the worker, and lets the visitor play."""

from app.check import Check
from app.chooser import Chooser
from app.dom import root, spawn
from app.keptgame import KeptGame
from app.log import LogPanel
from app.panels import Pulse, show_error, show_notice, show_progress
from app.visit import Visit
from gymworker import Heartbeat, PyodideWorker, watch_changes
from pyscript import config


async def main():
    pulse = Pulse(Heartbeat())
    log = LogPanel()
    worker = PyodideWorker(on_progress=show_progress, on_log=log.add)
    chooser = Chooser(config["environments"], lambda: worker.request("registered"))
    visit = Visit(worker, chooser, KeptGame(config.get("keep_on_page", True), log.note))
    root.dataset.python = "on"  # for guard.js
    if not root.hasAttribute("data-guard"):
        show_notice("guard.js could not be loaded: this page cannot tell why it does not start.")
    spawn(visit.hud.watch(worker))
    if "reload" in config:  # python server.py --reload
        watch_changes(config["reload"], visit.reload)
    await visit.make()
    pulse.calm()
    Check(pulse)


try:
    await main()
except Exception as error:
    show_error(error)
