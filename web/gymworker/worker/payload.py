"""Reading the fields of a request, with errors that say what was expected. Runs in the worker."""

from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REQUIRED: "Any" = object()


def field(
    payload: "Any", name: str, kind: "type | tuple[type, ...]", default: "Any" = REQUIRED
) -> "Any":
    """Return a field of a payload.

    Args:
        payload: what came with the request; None counts as empty.
        name: the field.
        kind: the type that it must have, or several; a bool is no int.
        default: what a missing field, or None, stands for; without it the field is required.

    Raises:
        ProtocolError: the payload is no object, or the field is missing or of another type.
    """
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        raise ProtocolError(f"expected an object as payload, got {type(payload).__name__}")
    value = payload.get(name)
    kinds = kind if isinstance(kind, tuple) else (kind,)
    expected = " or ".join(item.__name__ for item in kinds)
    if value is None:
        if default is REQUIRED:
            raise ProtocolError(
                f"expected a payload with {name!r}: {expected}, got {list(payload)}"
            )
        return default
    if not isinstance(value, kinds) or (int in kinds and isinstance(value, bool)):
        raise ProtocolError(
            f"expected {name!r} to be {expected}, got {type(value).__name__} {value!r:.80}"
        )
    return value
