"""Constants, shapes, handlers, methods and the document name the same messages and fields."""

import ast
import re
import typing
from pathlib import Path

import pytest
from gymworker import protocol
from gymworker import shapes as wire_shapes
from gymworker.page.client import PyodideWorker
from gymworker.page.game import Game
from gymworker.worker.host import Host

from gymserver.site import ROOT

SOURCE = Path(wire_shapes.__file__).read_text("utf-8")
DOCUMENT = (ROOT / "docs" / "protocol.md").read_text("utf-8")
REQUESTS = set(protocol.REPLY_TO)
MESSAGES = {
    "ready", "installed", "envReady", "result", "error", "progress", "log",
    "playState", "transitions", "episode", "checkpoint",
}  # fmt: skip

AROUND = {"connect", "keep", "giveBack"}
"""What passes before there is a protocol, and at a restart."""

METHODS = {
    "init": "init",
    "installPackages": "install_packages",
    "initEnv": "init_env",
    "reset": "reset",
    "step": "step",
    "render": "render",
    "seedRng": "seed_rng",
    "sample": "sample",
    "batch": "batch",
    "attachCanvas": "attach_canvas",
    "play": "play",
    "replay": "replay",
    "writeRecording": "write_recording",
    "getState": "get_state",
    "setState": "set_state",
    "computeHash": "compute_hash",
}
GAME_METHODS = {"control": "pause", "keys": "press"}
"""What the handle of a game sends."""


def shapes() -> dict[str, type]:
    """The TypedDicts of the messages, which only type checkers see otherwise."""
    namespace: dict[str, typing.Any] = {}
    exec(SOURCE.replace("TYPE_CHECKING = False", "TYPE_CHECKING = True"), namespace)
    return {name: kind for name, kind in namespace.items() if typing.is_typeddict(kind)}


SHAPES = shapes()


def literal(shape: type) -> str:
    """The value of a shape's `type`."""
    return typing.get_args(typing.get_type_hints(shape)["type"])[0]  # type: ignore[no-any-return]


def constants() -> dict[str, str]:
    return {
        name: value
        for name, value in vars(protocol).items()
        if name.isupper() and isinstance(value, str)
    }


def test_every_name_stands_once() -> None:
    names = list(constants().values())
    assert len(names) == len(set(names))
    assert set(names) == REQUESTS | MESSAGES | AROUND


def test_every_request_has_a_reply_a_handler_and_a_method() -> None:
    assert set(Host()._dispatcher._handlers) == REQUESTS
    assert set(METHODS) | set(GAME_METHODS) == REQUESTS
    assert set(protocol.REPLY_TO.values()) <= MESSAGES
    for method in METHODS.values():
        assert callable(getattr(PyodideWorker, method))
    for method in GAME_METHODS.values():
        assert callable(getattr(Game, method))


def test_every_message_has_a_shape_and_is_in_the_union() -> None:
    tree = ast.parse(SOURCE)
    union = next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "Message"
    )
    members = ast.unparse(union.value).split(" | ")
    assert {literal(SHAPES[member]) for member in members} == MESSAGES


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_every_request_with_a_payload_has_a_shape_for_it(name: str) -> None:
    assert name[0].upper() + name[1:] + "Payload" in SHAPES


def test_no_other_module_spells_a_name_of_the_wire() -> None:
    rare = (REQUESTS | MESSAGES | AROUND) - {
        # also words of Python's and Gymnasium's own interfaces, and of the page's
        "init", "reset", "step", "render", "error", "ready", "result", "log", "progress",
        "play", "keys", "episode", "transitions", "replay", "sample", "keep", "checkpoint",
    }  # fmt: skip
    found = []
    for file in sorted((ROOT / "web" / "gymworker").rglob("*.py")):
        if file.name in ("protocol.py", "shapes.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in rare:
                found.append(f"{file.name}:{node.lineno} {node.value}")
    assert found == []


def section(title: str) -> str:
    match = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.M | re.S)
    assert match, f"no section {title!r}"
    return match[1]


def rows(text: str) -> list[list[str]]:
    """The cells of a Markdown table, without its head."""
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def documented_fields(cell: str) -> dict[str, bool]:
    """Each field of a cell, and whether it is required: `seed?` is not."""
    names = re.findall(r"`(\w+)(\??)", cell)
    return {name: not optional for name, optional in names}


def fields(shape: type) -> dict[str, bool]:
    hints = typing.get_type_hints(shape)
    return {name: name in shape.__required_keys__ for name in hints}  # type: ignore[attr-defined]


def test_the_document_says_which_version_it_is() -> None:
    assert f"Version {protocol.PROTOCOL_VERSION}" in DOCUMENT


def test_the_documented_requests_are_those_of_the_protocol() -> None:
    table = {row[0].strip("`"): row for row in rows(section("Requests"))}
    assert set(table) == REQUESTS
    for name, (_, payload, reply) in table.items():
        shape = SHAPES.get(name[0].upper() + name[1:] + "Payload")
        assert documented_fields(payload) == (fields(shape) if shape else {}), name
        assert re.findall(r"`(\w+)`", reply)[0] == protocol.REPLY_TO[name]


def test_the_documented_messages_are_those_of_the_protocol() -> None:
    table = {row[0].strip("`"): row[1] for row in rows(section("Messages"))}
    assert set(table) == MESSAGES
    for shape in SHAPES.values():
        if "type" in typing.get_type_hints(shape) and shape.__name__ != "Request":
            expected = {name: needed for name, needed in fields(shape).items() if name != "type"}
            assert documented_fields(table[literal(shape)]) == expected, shape.__name__


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("An environment", "EnvironmentFields"),
        ("The result of `reset`", "ResetFields"),
        ("The result of `step`", "StepFields"),
        ("The result of `play`", "PlayFields"),
        ("A control", "Steering"),
        ("The state of a game", "PlayStateFields"),
        ("A transition", "Transition"),
        ("The result of `replay`", "ReplayFields"),
        ("A difference", "Difference"),
        ("Versions", "Versions"),
        ("Errors", "ErrorFields"),
        ("Operations of a batch", "Operation"),
    ],
)
def test_the_documented_fields_are_those_of_the_protocol(title: str, shape: str) -> None:
    assert {
        name: needed
        for row in rows(section(title))
        for name, needed in documented_fields(row[0]).items()
    } == fields(SHAPES[shape])
