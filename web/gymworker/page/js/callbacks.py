"""Python functions that JavaScript calls. Runs on the page."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def destroy(proxies: "list[Any]") -> None:
    """Let go of callbacks: Pyodide counts them, MicroPython does not."""
    for proxy in proxies:
        if hasattr(proxy, "destroy"):
            proxy.destroy()
    proxies.clear()


def ignore(*args: object) -> None:
    """Do nothing: for what nobody hears any more."""
