"""Tries an environment before anyone plays it: `python server.py check`."""
