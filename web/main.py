"""The page: starts the worker, checks it with 200 steps of CartPole, and lets the visitor play."""

from app.check import run_check
from app.chooser import Chooser
from app.panels import LogPanel, Pulse, show_error, show_progress, show_ready
from app.session import Session
from gymworker import GymWorkerError, Heartbeat, PyodideWorker
from pyscript import config


async def main():
    pulse = Pulse(Heartbeat())
    chooser = Chooser(config["environments"])
    worker = PyodideWorker(on_progress=show_progress, on_log=LogPanel().add)
    show_ready(await worker.init())
    await run_check(worker, pulse)
    await Session(worker, chooser).open()


try:
    await main()
except GymWorkerError as error:
    show_error(error)
