"""States as bytes: what is damaged, foreign or of another environment is refused, and why."""

import json
import random
from typing import Any

import numpy as np
import pytest
from gymworker.errors import StateError
from gymworker.worker.snapshot import file

from tests.unit.worker.snapshot.worlds import PLAIN, World

SOURCE = PLAIN + "import numpy as np\ngrid = np.arange(9000)\ntext = 'x' * 9000\ncount = 0\n"


@pytest.fixture
def world() -> World:
    return World(SOURCE)


def test_a_state_is_complete_by_itself(world: World) -> None:
    for _ in range(3):
        world.save()
    data, hash = world.file(), world.states.digest()
    other = World(SOURCE)
    other.module.grid[:] = 0
    other.module.count = 9
    other.restore_file(data)
    assert (other.module.count, other.module.text) == (0, "x" * 9000)
    np.testing.assert_array_equal(other.module.grid, np.arange(9000))
    assert other.states.digest() == hash


def test_its_header_says_what_it_belongs_to(world: World) -> None:
    magic, header, _ = world.file().split(b"\n", 2)
    about = json.loads(header)
    assert magic == b"gymworker state"
    assert about["formatVersion"] == 1
    assert about["code"] == world.environment.code_hash
    assert about["packages"]["numpy"] == np.__version__


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_found_before_anything_is_made_of_it(world: World, seed: int) -> None:
    data, before = bytearray(world.file()), world.states.digest()
    chance = random.Random(seed)
    if seed % 2:
        del data[chance.randrange(len(data)) :]
    else:
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
    with pytest.raises(StateError) as problem:
        world.restore_file(bytes(data))
    assert world.states.digest() == before, str(problem.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "expected a state of gymworker, got bytes that begin with b''"),
        (b"PK\x03\x04", r"expected a state of gymworker, got bytes that begin with b'PK"),
        (file.MAGIC, "the state is damaged: its header cannot be read"),
        (file.MAGIC + b"[1]\n", "the state is damaged: its header cannot be read"),
    ],
)
def test_other_bytes_are_refused(world: World, data: bytes, expected: str) -> None:
    with pytest.raises(StateError, match=expected):
        world.restore_file(data)


def test_what_follows_the_end_is_damage(world: World) -> None:
    with pytest.raises(StateError, match="3 bytes follow its end"):
        world.restore_file(world.file() + b"abc")


def changed(data: bytes, **fields: Any) -> bytes:
    """A state with other fields in its header."""
    magic, header, body = data.split(b"\n", 2)
    return b"\n".join([magic, json.dumps(json.loads(header) | fields).encode(), body])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"formatVersion": 2}, "expected a state of version 1, got one of version 2"),
        ({"python": "3.99"}, r"does not fit: with Python 3\.99, here 3\."),
        ({"packages": {"numpy": "1.0"}}, r"does not fit: with numpy 1\.0, here \d"),
        ({"packages": {"lost": "1.0"}}, r"does not fit: with lost 1\.0, here there is none"),
        ({"code": "ab" * 32}, r"other code of the environment \(SHA-256 abababababab…, here"),
    ],
)
def test_a_state_of_something_else_says_what_differs(
    world: World, fields: dict[str, Any], expected: str
) -> None:
    data = world.file()
    with pytest.raises(StateError, match=expected):
        world.restore_file(changed(data, **fields))


def test_another_code_is_another_environment(world: World) -> None:
    data = world.file()
    other = World(SOURCE + "# another line\n")
    with pytest.raises(StateError, match="other code of the environment"):
        other.restore_file(data)


def test_its_size_and_time_are_known(world: World) -> None:
    snapshot = world.save()
    assert 72_000 + 9_000 < snapshot.size < 110_000
    assert 0 < snapshot.seconds < 5
