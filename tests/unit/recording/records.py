"""Records for tests."""

from typing import Any

import numpy as np

from tests.unit.recording.odd import ACTIONS


def record(actions: list[Any], **fields: Any) -> dict[str, Any]:
    """What a game would record of an episode with these actions."""
    steps = len(actions)
    made: dict[str, Any] = {
        "episode": 0,
        "seed": 7,
        "steps": steps,
        "returns": float(steps),
        "seconds": steps / 20,
        "terminated": True,
        "truncated": False,
        "ended": "terminated",
        "code": "c0de",
        "startedAt": 1764146076123.4,
        "actions": actions,
        "rewards": [0.5 * i for i in range(steps)],
        "flags": [[steps, True, False]] if steps else [],
        "checksums": [4294967295 - i for i in range(steps + 1)],
        "times": [50.0 * (i + 1) for i in range(steps)],
    }
    made.update(fields)
    return made


AGENTS = [(0, "a"), (1, "b")]
PLAYS: dict[str, Any] = {
    "nothing": [],
    "ints": [0, 1, 1, 0],
    "ints and bools": [0, True, 1, None],
    "long ints": [10**5000, -(10**5000), 0],
    "floats": [0.5, -0.0, 1.0, float("inf")],
    "numpy ints": list(np.arange(4)),
    "numpy bools": list(np.array([True, False])),
    "numpy floats": list(np.array([0.1, 1.0, -0.0], np.float32)),
    "numpy floats with nan": list(np.array([0.1, np.nan, -np.nan])),
    "arrays": list(np.array([[0.1, -0.7], [1.0, -0.0]], np.float32)),
    "arrays with inf": list(np.array([[0.1, 1.0], [-np.inf, 0.0]])),
    "arrays with nan": list(np.array([[0.1, np.nan], [-np.nan, 0.0]])),
    "arrays of ints": list(np.arange(24).reshape(4, 2, 3)),
    "arrays of bools": list(np.array([[True, False]] * 3)),
    "arrays without axes": [np.array(3), np.array(4)],
    "empty arrays": [np.zeros((0, 3)), np.zeros((0, 3))],
    "big-endian arrays": [np.zeros(2, ">f4")] * 2,
    "arrays of two shapes": [np.zeros(2), np.zeros(3)],
    "arrays of two dtypes": [np.zeros(2), np.zeros(2, "f4")],
    "arrays with NaN alone": [np.full(200, np.nan)] * 2,
    "complex arrays": [np.array([1j, 2])] * 2,
    "dates": [np.datetime64("2020-01-01")] * 2,
    "text": ["left", "right, \"quoted\" and 'so'", "é\n\u2028\udfff"],
    "bytes": [b"\x00\xff", b"x" * 3000],
    "lists": [[1, 2.5], [[1]], []],
    "tuples": [(0, 1.5), (1, 2.5)],
    "tuples of two lengths": [(0,), (0, 1)],
    "empty tuples": [(), ()],
    "empty dicts": [{}, {}],
    "tuples of arrays": [(i, np.full(3, i / 8)) for i in range(3)],
    "dicts": [{"left": i, "right": np.int64(1)} for i in range(3)],
    "dicts of floats": [{"gas": i / 4, "brake": np.float64(1.0)} for i in range(3)],
    "dicts of dicts": [{"arm": {"x": np.float32(i), "y": (i,)}} for i in range(3)],
    "dicts with odd keys": [{"a  b": 1, "": 2, "c:d, \"e\"\n": 3, "\xa0\x85": 4}],
    "dicts whose keys change": [{"left": 1, "right": np.int64(1)}, {"right": np.int64(2)}],
    "dicts by int": [{0: 1, 1: np.int64(2)}, {0: 3, 1: np.int64(4)}],
    "dicts by tuple": [{(0, "a"): 1, (1, "b"): 2}, {(1, "b"): 3}],
    "what looks like marks": [
        {"$tuple": [1]}, {"$value": 1}, {"value": 1, "marks": []}, {"marks": []}, "$value", ["$a"],
    ],
    "anything": list(ACTIONS.values()),
}  # fmt: skip
