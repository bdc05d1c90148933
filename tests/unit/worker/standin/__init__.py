"""The stand-in for pygame beside real pygame-ce, in one process, pixel by pixel."""

import os

# No window, and no line about the community.
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
