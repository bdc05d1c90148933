"""Addresses of the page: what one asks for, and the one to copy. Runs on the page.

    ?env=Taxi&seed=3&speed=0.5   an environment, the seed of its first episode, its pace
    ?gym=CartPole-v1             any by its name; keyword arguments in brackets, see gymid
    #Taxi                        the same environment, as older links have it
    ?dev                         with what is for developers open
    ?embed                       the game alone

Nothing here touches the document.
"""

from .gymid import read, write
from .seeds import read_seed

SPEEDS = ("0.25", "0.5", "1", "2", "4")
"""What there is to choose, as the page's list has it."""

OFF = ("0", "no", "false", "off")
"""What ``?dev=…`` and ``?embed=…`` may say to mean nothing."""


class Wanted:
    """What an address asks for.

    Attributes:
        env: a name that there is, or of one of Gymnasium's; or None.
        seed: as text, "" for any.
        speed: one of ``SPEEDS``.
        dev, embed: whether they are there.
        ignored: what cannot be done, as one line; "" if that is nothing.
    """

    def __init__(self, parameters, fragment, names):
        """See what there is.

        Args:
            parameters: the query, decoded, as a dict.
            fragment: what stands after ``#``, decoded.
            names: of the environments.
        """
        self.env, self.seed, self.speed = None, "", "1"
        self.dev, self.embed = flag(parameters, "dev"), flag(parameters, "embed")
        ignored = []
        asked = parameters.get("env") or fragment
        # Our own links have no fragment: one that names an environment was typed last.
        self.env = find(fragment, names) or find(asked, names)
        if asked and self.env is None:
            ignored.append("there is no environment " + quoted(asked))
        if parameters.get("gym") and find(fragment, names) is None:
            try:
                self.env = write(*read(parameters["gym"]))
            except ValueError as error:
                ignored.append(str(error)[0].lower() + str(error)[1:-1])
        typed = (parameters.get("seed") or "").strip()
        seed, problem = read_seed(typed)
        if seed is not None:
            self.seed = str(seed)
        elif problem:
            ignored.append("a seed is a whole number from 0, not " + quoted(typed))
        speed = (parameters.get("speed") or "").strip()
        if speed:
            self.speed = pace(speed) or "1"
            if pace(speed) is None:
                ignored.append("a speed is one of " + ", ".join(SPEEDS) + ", not " + quoted(speed))
        self.ignored = (
            "The address was read in part: " + "; ".join(ignored) + "." if ignored else ""
        )


def find(asked, names):
    """Return the name that is meant, whatever its case; None if there is none."""
    if asked in names:
        return asked
    same = [name for name in names if name.lower() == asked.strip().lower()]
    return same[0] if same else None


def pace(text):
    """Return which of ``SPEEDS`` a number is, None if it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    same = [speed for speed in SPEEDS if float(speed) == value]
    return same[0] if same else None


def flag(parameters, name):
    """Tell whether a parameter without a value, or with a true one, is there."""
    return name in parameters and parameters[name].strip().lower() not in OFF


def quoted(text):
    """Return a text of somebody's, not too long."""
    return "“" + (text if len(text) <= 40 else text[:39] + "…") + "”"


def settings(env, names, seed, speed):
    """Return what stands in an address for a game: names and values, in order.

    Args:
        env: its name.
        names: of the environments in the page's list; any other is Gymnasium's.
        seed: as text, "" for any.
        speed: one of ``SPEEDS``.
    """
    found = [("env" if env in names else "gym", env)]
    number, _ = read_seed(seed)
    if number is not None:
        found.append(("seed", str(number)))
    if speed != "1":
        found.append(("speed", speed))
    return found
