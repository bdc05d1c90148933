"""What of the served folder may leave it."""

from pathlib import Path


def public_file(web: Path, name: str) -> Path | None:
    """Returns the file behind the address `name`, None if it may not be served.

    Args:
        web: the served folder, resolved.
        name: a decoded address without the leading slash; one of a folder means its index.html.
    """
    if name == "" or name.endswith("/"):
        name += "index.html"
    parts = name.split("/")
    if any(part == "" or part[0] == "." or set(part) & set("\\:\0") for part in parts):
        return None
    file = web.joinpath(*parts)
    # A link may lead elsewhere inside, but neither out nor to a dot file.
    try:
        real = file.resolve()
        if not real.is_file() or not real.is_relative_to(web):
            return None
    except (OSError, RuntimeError):  # a name too long for the system, a circle of links
        return None
    hidden = any(part[0] == "." for part in real.relative_to(web).parts)
    return None if hidden else file


def is_page(file: Path) -> bool:
    """Tells whether a file is a template of a page."""
    return file.suffix.lower() == ".html"
