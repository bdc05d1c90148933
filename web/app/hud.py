"""The figures of the game and its plots, at most ten times a second. Runs on the page."""

import asyncio

from .dom import element, root, show, spawn
from .plots import Plot
from .values import NOTHING, amount, total, written

STATES = {
    "none": "Loading",
    "ready": "Ready",
    "running": "Playing",
    "waiting": "Your move",
    "paused": "Paused",
    "ended": "Ended",
    "failed": "Stopped",
    "replay": "Replaying",
}
LABELS = {"ready": "Start", "paused": "Resume", "ended": "Play again"}

TOAST = 2.5
"""Seconds for which an episode's result stands over the game."""

SLOW = 1.5
"""Seconds without an answer after which the page says so."""

LOOK = 0.5
"""Seconds between two looks whether there was one."""


class Text:
    """The text of an element, written when it changes."""

    def __init__(self, id):
        self._element = element(id)
        self._text = None

    def show(self, text):
        """Put a text into it."""
        if text != self._text:
            self._text = text
            self._element.textContent = text


class Hud:
    """What is shown of the game."""

    def __init__(self):
        names = "game-state slow episode seed-now step score rate step-now latency-now return-now"
        last = "last-step last-obs last-action last-reward last-info start-label toggle-label"
        self._texts = {name: Text(name) for name in (names + " " + last).split()}
        self._plots = [Plot("step"), Plot("latency"), Plot("return")]
        self._turn = 0
        self._toasts = 0
        self._state = None
        self._last = None

    def state(self, state):
        """Show in which state the game is; ``style.css`` knows them too."""
        if state != self._state:
            self._state = state
            root.dataset.game = state
            self._texts["game-state"].show(STATES[state])
            self._texts["start-label"].show(LABELS.get(state, "Start"))
            playing = state in ("running", "waiting")
            self._texts["toggle-label"].show("Pause" if playing else LABELS.get(state, "Start"))

    async def watch(self, worker):
        """Say, for as long as the page lives, when and for how long the worker owes an answer."""
        slow = False
        while True:
            await asyncio.sleep(LOOK)
            seconds = worker.silence
            was, slow = slow, seconds >= SLOW and self._state != "failed"
            if slow:
                self._texts["slow"].show("Slow: no answer for " + str(int(seconds)) + " s")
                self._texts["game-state"].show("Slow")
            elif was:
                self._texts["game-state"].show(STATES[self._state])
            if slow != was:
                element("slow").hidden = not slow

    def update(self, play):
        """Show a ``PlayState``."""
        texts = self._texts
        texts["episode"].show(str(play.episode + 1))
        texts["seed-now"].show(written(play.seed))
        texts["step"].show(str(play.step))
        texts["score"].show(amount(play.returns))
        if self._state == "running":
            rate = f"{play.rate:.1f}" if play.rate else NOTHING
            texts["rate"].show(rate + " slow" if play.slow else rate)
        if play.step_time is not None:
            self._plots[0].add(play.step_time)
            texts["step-now"].show(f"{play.step_time:.2f} ms")
        if play.latency is not None:
            self._plots[1].add(play.latency)
            texts["latency-now"].show(f"{play.latency:.0f} ms")
        self._draw()

    def transition(self, transition):
        """Take a transition; while the game runs it is shown with the next state."""
        self._last = transition
        if self._state != "running":
            self._show_last()

    def episode(self, summary):
        """Show the return of an episode that has ended, for a moment over the game too."""
        value = summary.returns
        self._plots[2].add(total(value))
        self._texts["return-now"].show(amount(value))
        steps = str(summary.steps) + (" step" if summary.steps == 1 else " steps")
        show(
            "toast",
            "Episode " + str(summary.episode + 1) + ": " + steps + ", score " + amount(value),
        )
        element("toast").classList.add("on")
        self._toasts += 1
        spawn(self._toast(self._toasts))

    async def _toast(self, number):
        await asyncio.sleep(TOAST)
        if number == self._toasts:
            self.end_toast()

    def end_toast(self):
        """Take an episode's result away."""
        element("toast").classList.remove("on")

    def clear(self):
        """Begin anew, for another environment."""
        for plot in self._plots:
            plot.clear()
            plot.draw()
        for name in ("rate", "step-now", "latency-now", "return-now"):
            self._texts[name].show(NOTHING)
        for name in ("step", "obs", "action", "reward", "info"):
            self._texts["last-" + name].show(NOTHING)
        self._last = None

    def _draw(self):
        """Draw one plot at a time while the game runs, lest the page pause for a millisecond."""
        self._turn = (self._turn + 1) % 3
        for i in range(3):
            if i == self._turn or self._state != "running":
                self._plots[i].draw()
        self._show_last()

    def _show_last(self):
        last, self._last = self._last, None
        if last is not None:
            self._texts["last-step"].show(str(last.step))
            self._texts["last-obs"].show(written(last.next_obs))
            self._texts["last-action"].show(written(last.action))
            self._texts["last-reward"].show(written(last.reward))
            self._texts["last-info"].show(written(last.info))
