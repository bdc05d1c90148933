"""What the page's configuration says to this library. Runs in the worker."""

from polyscript import config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def settings() -> "dict[str, Any]":
    """Return what the page's configuration says to this library."""
    found = config.to_py() if hasattr(config, "to_py") else dict(config)
    return dict(found.get("gymworker", {}))
