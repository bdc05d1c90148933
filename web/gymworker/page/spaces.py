"""What an environment said of itself, as objects; see ``fields``. Runs on the page."""

from .fields import Fields, entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .game_fields import Control


class Space(Fields):
    """A space of Gymnasium's. What its kind has not is None.

    Attributes:
        type: ``Box``, ``Discrete``, ``MultiBinary``, ``MultiDiscrete``, ``Text``, ``Dict``,
            ``Tuple``, ``OneOf``, ``Sequence``, ``Graph``, or the name of another class.
        shape: a tuple of the lengths of the axes, None where elements have no fixed shape.
        dtype: NumPy's name of the type of an element.
        low, high: ``Box``: arrays of that shape and dtype, infinite bounds included.
        n: ``Discrete``: how many there are; ``MultiBinary``: an int or a sequence.
        start: ``Discrete``: the first of them; ``MultiDiscrete``: an array.
        nvec: ``MultiDiscrete``: an array.
        min_length, max_length, charset: ``Text``: how long, and of which characters.
        stack: ``Sequence``: whether its elements are stacked.
        text: of a class that is none of these: its repr.
    """

    type: str = entry("type")
    shape: "tuple[int, ...] | None" = entry("shape", None)
    dtype: "str | None" = entry("dtype", None)
    low: "Any" = entry("low", None)
    high: "Any" = entry("high", None)
    n: "Any" = entry("n", None)
    start: "Any" = entry("start", None)
    nvec: "Any" = entry("nvec", None)
    min_length: "int | None" = entry("minLength", None)
    max_length: "int | None" = entry("maxLength", None)
    charset: "str | None" = entry("charset", None)
    stack: "bool | None" = entry("stack", None)
    text: "str | None" = entry("text", None)

    @property
    def spaces(self) -> "Any":
        """``Dict``: a dict of ``Space``; ``Tuple``, ``OneOf``: a list of them."""
        return _spaces(self.fields.get("spaces"))

    @property
    def space(self) -> "Space | None":
        """``Sequence``: the space of an element."""
        return _space(self.fields.get("space"))

    @property
    def node_space(self) -> "Space | None":
        """``Graph``: the space of a node."""
        return _space(self.fields.get("nodeSpace"))

    @property
    def edge_space(self) -> "Space | None":
        """``Graph``: the space of an edge, None without edges."""
        return _space(self.fields.get("edgeSpace"))


class EnvironmentInfo(Fields):
    """The environment that a worker has.

    Attributes:
        name: by which requests call it, where there are several.
        kind: ``gymnasium``, ``vector``, or PettingZoo's ``parallel`` or ``aec``.
        spec: the id that it is registered under, or None.
        metadata: its ``metadata``, without what cannot cross.
        render_mode: or None.
        agents: those that it may have, empty where it has one without a name.
    """

    name: str = entry("name")
    kind: str = entry("kind")
    spec: "str | None" = entry("spec")
    metadata: "dict[str, Any]" = entry("metadata")
    render_mode: "str | None" = entry("renderMode")
    agents: "list[Any]" = entry("agents")

    @property
    def observation_space(self) -> "Any":
        """A ``Space``, None where it has none; by agent in an environment of several."""
        return self._by_agent("observationSpace")

    @property
    def action_space(self) -> "Any":
        """A ``Space``, None where it has none; by agent in an environment of several."""
        return self._by_agent("actionSpace")

    @property
    def keys(self) -> "list[Control]":
        """What keys do by default: those of its ``play``, or of ``get_keys_to_action()``."""
        from .game_fields import Control

        return [Control(control) for control in self.fields["keys"]]

    def _by_agent(self, name: str) -> "Any":
        found = self.fields[name]
        return _spaces(found) if self.kind in ("parallel", "aec") else _space(found)


def _space(fields: "dict[str, Any] | None") -> "Space | None":
    return None if fields is None else Space(fields)


def _spaces(found: "Any") -> "Any":
    if found is None:
        return None
    if isinstance(found, dict):
        return {key: _space(fields) for key, fields in found.items()}
    return [_space(fields) for fields in found]
