"""The one exception of the server, free of dependencies so that the bootstrap can use it."""


class StartError(Exception):
    """What keeps the server from serving, in one line that says what to do about it."""
