"""Plots of observation, reward and action, step by step, for the curious. Runs on the page.

They are made as they are opened, and drawn at most ten times a second.
"""

import asyncio

from pyscript import document

from .dom import create, element, spawn
from .series import HEIGHT, WIDTH, Series, numbers
from .values import written

SVG = "http://www.w3.org/2000/svg"

EVERY = 0.1
"""Seconds between two drawings."""

KINDS = (("next_obs", "Observation"), ("reward", "Reward"), ("action", "Action"))
"""What is drawn of a transition, and its title."""


class Curves:
    """The three plots."""

    def __init__(self):
        self._panel = element("curves")
        self._plots = []  # (attribute of a transition, Series, Figure)
        self._drawing = False

    @property
    def open(self):
        """Whether somebody looks at them."""
        return bool(self._panel.open)

    def clear(self):
        """Begin anew, for another environment."""
        for _, series, _ in self._plots:
            series.clear()
        self._draw()

    def add(self, transition):
        """Take a ``Transition``."""
        if not self.open:
            return
        if not self._plots:
            place = element("curves-here")
            self._plots = [(name, Series(), Figure(place, title)) for name, title in KINDS]
        at = (transition.episode, transition.step)
        for name, series, figure in self._plots:
            value = getattr(transition, name)
            series.add(at, numbers(value))
            figure.last = value
        self._soon()

    def _soon(self):
        if not self._drawing:
            self._drawing = True
            spawn(self._draw_soon())

    async def _draw_soon(self):
        await asyncio.sleep(EVERY)
        self._drawing = False
        self._draw()

    def stand(self, episode, step):
        """Show the steps until this one; the next that comes takes the place of the others."""
        for _, series, figure in self._plots:
            if series.stand((episode, step)):
                figure.last = series.last
                self._soon()

    def _draw(self):
        if self.open:
            for _, series, figure in self._plots:
                figure.draw(series)


class Figure:
    """One plot in the document.

    Args:
        place: where it is made.
        title: what it shows.

    Attributes:
        last: the newest value, which stands beside the title.
    """

    def __init__(self, place, title):
        self.last = None
        figure = create("figure", place, class_="plot curve")
        caption = create("figcaption", figure, title + " ")
        self._now = create("output", caption)
        self._svg = document.createElementNS(SVG, "svg")
        self._svg.setAttribute("viewBox", "0 0 " + str(WIDTH) + " " + str(HEIGHT))
        self._svg.setAttribute("preserveAspectRatio", "none")
        self._svg.setAttribute("role", "img")
        self._title = title
        figure.appendChild(self._svg)
        self._lines = []

    def draw(self, series):
        """Draw the lines of a ``Series``."""
        lines, low, high = series.paths()
        while len(self._lines) < len(lines):
            line = document.createElementNS(SVG, "path")
            self._svg.appendChild(line)
            self._lines.append(line)
        for number, line in enumerate(self._lines):
            line.setAttribute("d", lines[number] if number < len(lines) else "")
        said = self._title + " over the last steps, from " + written(low) + " to " + written(high)
        self._svg.setAttribute("aria-label", said if lines else self._title + ": nothing yet")
        self._now.textContent = written(self.last) if lines else ""
