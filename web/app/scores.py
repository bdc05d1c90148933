"""The best and the last score of each environment, for this visit. Runs on the page.

Nothing here touches the document.
"""

from .values import total


class Scores:
    """Scores by the name of the environment."""

    def __init__(self):
        self._best = {}
        self._last = {}

    def add(self, name, returns):
        """Take the returns of an episode; tell whether they are the best of at least two.

        Args:
            name: of the environment.
            returns: a number, or a dict of numbers by agent, of which the sum counts.
        """
        self._last[name] = returns
        best = self._best.get(name)
        score = total(returns)
        if score is None:  # nan is neither better nor worse
            return False
        better = best is None or score > total(best)
        if better:
            self._best[name] = returns
        return better and best is not None

    def best(self, name):
        """Return the best returns, None before there are any."""
        return self._best.get(name)

    def last(self, name):
        """Return the last returns, None before there are any."""
        return self._last.get(name)
