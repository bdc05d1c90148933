"""A long text for the page, which may keep it without reading it. Runs in the worker."""

from ..codec.light import Array


class Text(Array):
    """A text that crosses as its UTF-8: a ``uint8`` array for a Python page, a str for JavaScript.

    Args:
        text: what it says; a lone surrogate becomes a question mark.
    """

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        super().__init__("uint8", (len(data),), buffer=data)

    def __str__(self) -> str:
        return self.tobytes().decode()
