"""The figures of the game and its plots, at most ten times a second. Runs on the page."""

import asyncio

from .dom import element, root, show
from .live import say
from .plots import Plot
from .scores import Scores
from .values import NOTHING, amount, total, written

STATES = {
    "none": "Loading",
    "loading": "Loading",
    "ready": "Ready",
    "armed": "Press a key",
    "counting": "Get ready",
    "running": "Playing",
    "waiting": "Your move",
    "paused": "Paused",
    "resting": "Episode over",
    "ended": "Ended",
    "failed": "Stopped",
    "replay": "Replaying",
}
SAID = {
    "armed": "Press a key to begin.",
    "counting": "It begins in 3 seconds.",
    "running": "Playing.",
    "paused": "Paused.",
    "ended": "The game has ended.",
    "replay": "Replaying.",
}
"""What is said of a state; of the others something else is said."""

HELD = ("none", "loading", "ready", "resting", "ended", "failed")
"""States in which there is nothing to pause."""

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
        names = "game-state slow episode seed-now step score best last-score rate step-now "
        names += "latency-now return-now result-title result-text next-label"
        last = "last-step last-obs last-action last-reward last-info toggle-label"
        self._texts = {name: Text(name) for name in (names + " " + last).split()}
        self._plots = [Plot("step"), Plot("latency"), Plot("return")]
        self._scores = Scores()
        self._turn = 0
        self._state = None
        self._last = None
        self._place = None  # of the transition that is shown, its episode and step

    def state(self, state):
        """Show in which state the game is; the style sheets know them too."""
        if state != self._state:
            self._state = state
            root.dataset.game = state
            self._texts["game-state"].show(STATES[state])
            self._texts["toggle-label"].show("Resume" if state == "paused" else "Pause")
            self._texts["next-label"].show("Play again" if state == "ended" else "Next episode")
            element("toggle").disabled = state in HELD
            if state in SAID:
                say(SAID[state])

    def move(self, whose, refused):
        """Show whose move it is, while the game waits.

        Args:
            whose: in words.
            refused: what the visitor asked for in vain, in words; None if it is nothing.
        """
        self._texts["game-state"].show(refused or whose)
        if refused is not None:
            say(refused + ".", "move")

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
        """Show a ``PlayState``, every other one while the game runs: each draws the page anew."""
        if play.step_time is not None:
            self._plots[0].add(play.step_time)
        if play.latency is not None:
            self._plots[1].add(play.latency)
        self._turn = (self._turn + 1) % 6
        if self._state == "running" and self._turn % 2:
            return
        if play.state == "paused" and self._place not in (None, (play.episode, play.step)):
            self._clear_last()
        texts = self._texts
        texts["episode"].show(str(play.episode + 1))
        texts["seed-now"].show(written(play.seed))
        texts["step"].show(str(play.step))
        texts["score"].show(amount(play.returns))
        if self._state == "running":
            rate = f"{play.rate:.1f}" if play.rate else NOTHING
            texts["rate"].show(rate + " slow" if play.slow else rate)
        if play.step_time is not None:
            texts["step-now"].show(f"{play.step_time:.2f} ms")
        if play.latency is not None:
            texts["latency-now"].show(f"{play.latency:.0f} ms")
        self._draw()

    def transition(self, transition):
        """Take a transition; while the game runs it is shown with the next state."""
        self._last = transition
        if self._state != "running":
            self._show_last()

    def episode(self, name, summary, whole):
        """Show how an episode went.

        Args:
            name: of the environment.
            summary: an ``Episode``.
            whole: whether it came to its end; else it does not count.
        """
        value = summary.returns
        self._plots[2].add(total(value))
        self._texts["return-now"].show(amount(value))
        if not whole:
            return
        record = self._scores.add(name, value)
        self._show_scores(name)
        steps = str(summary.steps) + (" step" if summary.steps == 1 else " steps")
        said = "Score " + amount(value) + " in " + steps + "."
        said += " Your best so far!" if record else ""
        self._texts["result-title"].show("Episode " + str(summary.episode + 1) + " is over")
        self._texts["result-text"].show(said)
        say("Episode " + str(summary.episode + 1) + " is over. " + said, "result")

    def environment(self, entry):
        """Show what the environment is about, and what it has seen of this visitor.

        Args:
            entry: from ``pyscript.toml``.
        """
        name = entry["name"]
        show("title", name)
        show("about", entry.get("about", ""))
        show("ends", entry.get("ends", ""))
        element("ends").hidden = not entry.get("ends")
        element("stage").setAttribute("aria-label", name)
        self._show_scores(name)

    def loading(self, entry):
        """Show that an environment is being loaded."""
        name = entry["name"]
        self.state("loading")
        show("title", name)
        show("loading-text", "Loading " + name + "…")

    def count(self, number):
        """Show how many seconds are left before the game begins."""
        show("count", number)

    def _show_scores(self, name):
        scores = self._scores
        for id, value in (("best", scores.best(name)), ("last-score", scores.last(name))):
            self._texts[id].show(NOTHING if value is None else amount(value))

    def clear(self):
        """Begin anew, for another environment."""
        for plot in self._plots:
            plot.clear()
            plot.draw()
        for name in ("rate", "step-now", "latency-now", "return-now"):
            self._texts[name].show(NOTHING)
        self._clear_last()
        self._last = None

    def _draw(self):
        """Draw one plot at a time while the game runs, lest the page pause for a millisecond."""
        for i in range(3):
            if i == self._turn // 2 or self._state != "running":
                self._plots[i].draw()
        self._show_last()

    def _clear_last(self):
        self._place = None
        for name in ("step", "obs", "action", "reward", "info"):
            self._texts["last-" + name].show(NOTHING)

    def _show_last(self):
        last, self._last = self._last, None
        if last is not None:
            self._place = (last.episode, last.step)
            self._texts["last-step"].show(str(last.step))
            self._texts["last-obs"].show(written(last.next_obs))
            self._texts["last-action"].show(written(last.action))
            self._texts["last-reward"].show(written(last.reward))
            self._texts["last-info"].show(written(last.info))
