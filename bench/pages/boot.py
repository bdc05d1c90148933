"""Ours, the boot alone: what the project's page does until READY, and again at a restart."""

import js
from gymworker import PyodideWorker


def show(progress):
    """Show progress as any page would."""
    if progress.total:
        bar.max, bar.value = progress.total, progress.loaded


async def main():
    """Boot, then restart when the bench asks for it."""
    js.startPulse()
    worker = PyodideWorker(boot_timeout=None, on_progress=show)
    await worker.init()
    js.showReady()
    while True:
        await js.restartAsked()
        js.restarted(1000 * await worker.restart())


bar = js.document.getElementById("progress")
try:
    await main()  # noqa: F704 - PyScript awaits at the top level
except Exception as error:
    js.showFailure(repr(error))
