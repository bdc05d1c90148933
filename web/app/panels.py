"""Progress of the boot, and what went wrong. Runs on the page."""

import asyncio

from .dom import element, root, show, spawn
from .live import say
from .problems import explain, restored, way_on

STAGES = {
    "download": "Downloading",
    "start": "Starting",
    "packages": "Installing",
    "imports": "Importing",
}
SAID = {"download": "Loading Python.", "start": "Starting Python."}
"""What is said of a stage: the rest of the boot is too quick, and too much."""

ORDER = ("download", "start", "packages", "imports")

BEAT = 0.5
"""Seconds between two changes of the pulse's mark."""

CALM = 0.25
"""Seconds between two beats of the main thread while a game runs, which needs its time."""


def show_state(state, text):
    """Set the state of the page (booting, ready, done, failed), which the style sheets know."""
    root.dataset.state = state
    show("status", text)
    if state == "done":
        say(text + ".")
    if state == "ready":
        bar = element("progress")
        bar.value = bar.max


def show_ready(version):
    """Say that the worker is there, and what is in it: a ``Version``."""
    python = f"Python {version.python}"
    show_state("ready", f"READY: {python} in Pyodide {version.pyodide}")
    parts = [f"{name} {number}" for name, number in sorted(version.packages.items())]
    parts = [python, f"Pyodide {version.pyodide}"] + parts
    show("versions", "In the worker: " + " · ".join(parts))


def show_progress(progress):
    """Show a stage of the boot or of a replay, and how much of it is there."""
    if progress.stage == "replay":
        show("replayed", "Replaying… step " + _amount(progress))
    if progress.stage not in STAGES:
        return
    text = STAGES[progress.stage] + " " + progress.message
    if progress.total is not None:
        bar = element("progress")
        bar.max, bar.value = progress.total, progress.loaded
        text += " · " + _amount(progress)
    show("status", text)
    marks = element("stages").children
    if "on" not in str(marks[ORDER.index(progress.stage)].className):
        if progress.stage in SAID:
            say(SAID[progress.stage])
        for i in range(ORDER.index(progress.stage) + 1):
            marks[i].className = "on"


def show_booting():
    """Say that the page starts over."""
    show_state("booting", "Restarting…")
    show("title", "One moment")
    show("about", "The environment is made anew.")
    element("progress").value = 0
    marks = element("stages").children
    for i in range(len(ORDER)):
        marks[i].className = ""


def show_notice(text):
    """Say something that keeps nobody from playing."""
    show("notice", text)
    element("notice").hidden = False


def tell_restored(game):
    """Say that a ``Game`` goes on, and where."""
    text = restored(game.restored_at, game.lost_steps)
    show_notice(text)
    say(text)


def show_error(error, hangs=False, name="", by_id=False, game=None):
    """Show what went wrong, what one can do, and folded the worker's traceback or all it said.

    Args:
        error: an exception.
        hangs: whether the worker gives no answer.
        name: of the environment.
        by_id: whether it was to be made by an id that anybody may type.
        game: the ``Game`` that can go on in a fresh Python, None if there is none.
    """
    traceback = getattr(error, "remote_traceback", "")
    text = str(error) or repr(error)
    what, why, advice = explain(error, name, hangs, by_id)
    show("failure-what", what)
    show("failure-title", why)
    if game is not None:
        advice += " " + way_on(game.checkpoint.step, game.stuck)
    show("failure-advice", advice)
    element("go-on").hidden = game is None
    details = traceback or text
    show("error", details)
    fold = element("traceback")
    fold.hidden = details.strip() == why
    fold.open = not traceback  # words, which may say what to do
    element("error").hidden = False
    element("failure").hidden = False
    show_state("failed", text)
    show("game-state", "Stopped")
    show("title", "This did not work")
    show("about", "The reason is below.")


def hide_error():
    """Take the error away: it is mended."""
    element("error").hidden = True
    element("failure").hidden = True


class Pulse:
    """The page's pulse, and its longest pause in the last while.

    Args:
        heartbeat: a ``Heartbeat``, which is the pulse's from then on.
    """

    def __init__(self, heartbeat):
        self._heartbeat = heartbeat
        self._longest = 0.0
        spawn(self._beat())

    def calm(self):
        """Show the longest pause so far, and beat less often: the rest is only for show."""
        show("heartbeat", f"{self.longest * 1000:.0f} ms")
        self._heartbeat.interval = CALM

    @property
    def longest(self):
        """The longest pause since the start, in seconds."""
        return max(self._longest, self._heartbeat.longest)

    async def _beat(self):
        dot, place = element("beat"), element("pause-now")
        count = 0
        while True:
            await asyncio.sleep(BEAT)
            count += 1
            dot.className = "beat on" if count % 2 else "beat"
            if count % 4 == 0:
                place.textContent = f"{self._heartbeat.longest * 1000:.0f} ms"
                self._longest = self.longest
                self._heartbeat.restart()


def _amount(progress):
    if progress.stage == "download":
        return f"{progress.loaded / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
    return str(progress.loaded) + " of " + str(progress.total)
