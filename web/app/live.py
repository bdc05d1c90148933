"""The page's one polite live region. Runs on the page."""

from .dom import show, spawn
from .speech import Speech

say = Speech(lambda text: show("said", text), spawn).say
"""See ``Speech.say``."""
