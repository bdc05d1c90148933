"""The codec between CPython, MicroPython (as on the page) and Pyodide (as in the worker)."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gymworker.codec import decode, encode
from hypothesis import HealthCheck, given, settings

from gymserver.site import ROOT, Site
from tests.runtimes import Runtime, RuntimeFailure
from tests.unit.codec.values import DTYPES, NUMBERS, VALUES, same, values

PACKAGE = ROOT / "web" / "gymworker"

PAGE = """
import js
from gymworker.codec.light import Array, use_memory
from gymworker.codec import decode, encode, joined
from gymworker.errors import EncodeError, ProtocolError
from gymworker.page.js.memory import js_memory
from gymworker.codec.light import Scalar

use_memory(js_memory())

def given(buffers):
    return [buffers[index] for index in range(buffers.length)]

def echo(text, buffers, out):
    text, made = encode(decode(text, given(buffers)))
    for buffer in made:
        out.push(buffer)
    return text

def send(code, buffers, out):
    text, made = encode(eval(code))
    for buffer in made:
        out.push(buffer)
    return text

def look(request, buffers, out):
    code, text = __import__("json").loads(request)
    names = {"v": decode(text, given(buffers)), "Array": Array, "Scalar": Scalar, "js": js}
    names["encode"], names["decode"] = encode, decode
    try:
        return repr(eval(code, names))
    except Exception as error:
        return type(error).__name__ + ": " + str(error)
"""

WORKER = """
import js
from gymworker.codec import decode, encode

def echo(text, buffers, out):
    text, made = encode(decode(text, [buffer.to_py() for buffer in buffers]))
    for buffer in made:
        copy = js.Uint8Array.new(len(buffer))
        copy.assign(buffer)
        out.push(copy)
    return text

def page_echo(text, buffers, out):
    from gymworker.codec.light import Memory, use_memory
    from gymworker.page.js.memory import js_memory
    use_memory(js_memory())
    try:
        value = decode(text, list(buffers))
        if type(value).__name__ == "ndarray":
            value[()] = value  # it may be written to
        text, made = encode(value)
    finally:
        use_memory(Memory())
    for buffer in made:
        assert js.Object.prototype.toString.call(buffer) == "[object ArrayBuffer]"
        out.push(buffer)
    return text
"""


@pytest.fixture(scope="module")
def page(micropython: Runtime) -> Runtime:
    micropython.install(PACKAGE)
    micropython.exec(PAGE)
    return micropython


@pytest.fixture(scope="module")
def worker(web_site: Site) -> Iterator[Runtime]:
    with Runtime.of_site("pyodide", web_site, ["numpy"]) as pyodide:
        pyodide.install(PACKAGE)
        pyodide.exec("import sys, os; sys.path.insert(0, os.getcwd())")
        pyodide.exec(WORKER)
        yield pyodide


def echo(runtime: Runtime, value: Any) -> Any:
    text, buffers = encode(value)
    return decode(*runtime.call("echo", text, [bytes(buffer) for buffer in buffers]))


def look(page: Runtime, value: Any, code: str) -> str:
    """What `code` gives on the page, where `v` is the value."""
    text, buffers = encode(value)
    request = json.dumps([code, text])
    return page.call("look", request, [bytes(buffer) for buffer in buffers])[0]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_the_page_as_it_left(page: Runtime, value: Any) -> None:
    assert same(echo(page, value), value)


@settings(deadline=5000, max_examples=200, suppress_health_check=list(HealthCheck))
@given(value=values())
def test_any_nesting_comes_back_from_the_page(page: Runtime, value: Any) -> None:
    assert same(echo(page, value), value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_pyodide_as_it_left(worker: Runtime, value: Any) -> None:
    assert same(echo(worker, value), value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_a_pyodide_page_with_numpy(worker: Runtime, value: Any) -> None:
    text, buffers = encode(value)
    arrived = decode(*worker.call("page_echo", text, [bytes(buffer) for buffer in buffers]))
    assert same(arrived, value)


def test_a_pyodide_page_reads_and_makes_array_buffers(worker: Runtime) -> None:
    worker.exec("""
from gymworker.codec.light import Array
from gymworker.page.js.memory import js_memory

def turn(text, buffers, out):
    memory = js_memory()
    data = memory.read(buffers[0], 1, 5)
    out.push(memory.make(data), memory.cut(buffers[0], 2, 4))
    view = memory.view(buffers[0], "uint16", 2, 2)
    return f"{memory.size(buffers[0])} {view.length} {type(data).__name__}"
""")
    text, buffers = worker.call("turn", "", [bytes(range(8))])
    assert text == "8 2 bytes"
    assert buffers == [bytearray([1, 2, 3, 4]), bytearray([2, 3])]


@pytest.mark.parametrize("repeat", [1, 40], ids=["in the text", "in a buffer"])
@pytest.mark.parametrize("dtype", NUMBERS + [">f4", ">i8", ">c16", ">f2"])
def test_the_page_reads_an_array_of_any_dtype(page: Runtime, dtype: str, repeat: int) -> None:
    array = np.array([[0, 1, -2], [3, 4, 5]] * repeat).astype(dtype)
    assert look(page, array, "v.tolist()") == repr(array.tolist())
    assert look(page, array, "v[1].tolist(), v[1, 2], v[-1][0]") == repr(
        (array[1].tolist(), array[1, 2].item(), array[-1, 0].item())
    )
    assert look(page, array, "(v.dtype, v.shape, v.nbytes, len(v))") == repr(
        (dtype, array.shape, array.nbytes, len(array))
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_typed_array_behind_an_array_has_its_bytes(page: Runtime, dtype: str) -> None:
    for repeat in (1, 40):
        array = np.array([[0, 1, 2], [3, 4, 5]] * repeat).astype(dtype)
        code = "(v.data.byteLength, v.tobytes() == bytes(js.Uint8Array.new(v.data.slice().buffer)))"
        assert look(page, array, code) == repr((array.nbytes, True))


def test_64_bit_ints_are_exact_on_the_page(page: Runtime) -> None:
    array = np.array([-(2**63), 2**63 - 1, 2**40 + 1] * 20)
    assert look(page, array, "v[0], v[1], [x for x in v][2]") == repr(tuple(array[:3].tolist()))
    assert look(page, array, "v.data.constructor.name") == "'BigInt64Array'"


@pytest.mark.parametrize("size", [2, 200], ids=["in the text", "in a buffer"])
def test_indexing_follows_numpy(page: Runtime, size: int) -> None:
    array = np.arange(size * 6, dtype=np.int32).reshape(size, 3, 2)
    for index in ("0", "-1", "1, 2", "1, -1, 0", "1:", ":-1", "-5:1", "0:0"):
        expected = eval(f"array[{index}].tolist()", {"array": array})
        code = f"(lambda a: a.tolist() if isinstance(a, Array) else a)(v[{index}])"
        assert look(page, array, code) == repr(expected)
    assert look(page, array, "[row.tolist() for row in v][1]") == repr(array[1].tolist())
    assert look(page, array, "v[9999]").startswith("IndexError: index 9999 is out of range")
    assert look(page, array, "v[0, 0, 0, 0]").startswith("IndexError: too many indices")
    assert look(page, array, "v[::2]").startswith("TypeError: a slice must have step 1")


def test_a_part_of_an_array_can_be_sent(page: Runtime) -> None:
    array = np.arange(600, dtype=np.float32).reshape(200, 3)
    text, buffers = encode(array)
    page.exec("kept = []\ndef keep(text, b, out): kept[:] = [decode(text, given(b))]; return ''")
    page.call("keep", text, [bytes(buffer) for buffer in buffers])
    assert np.array_equal(decode(*page.call("send", "kept[0][50:150]")), array[50:150])
    assert np.array_equal(decode(*page.call("send", "kept[0]")), array)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "Array.from_list([[0.1, 2], [3, 4]], 'float32')",
            np.array([[0.1, 2], [3, 4]], np.float32),
        ),
        ("Array.from_list(list(range(300)), 'int64')", np.arange(300)),
        ("Array.from_list([1.5] * 300, 'float16')", np.full(300, 1.5, np.float16)),
        ("Array.from_list(7, 'uint8')", np.array(7, np.uint8)),
        ("Array.from_list([])", np.zeros(0)),
        ("Array.from_list([float('nan'), -0.0])", np.array([np.nan, -0.0])),
        ("Array.from_list([1, 2j], 'complex64')", np.array([1, 2j], np.complex64)),
        ("Array.from_buffer(js.Uint8Array.new(6).buffer, 'int16', (3,))", np.zeros(3, np.int16)),
        (
            "joined([Array.from_list([n] * 40, 'uint8') for n in range(3)])",
            np.repeat(np.arange(3, dtype=np.uint8), 40),
        ),
        (
            "(lambda a: (a.data.fill(5), a)[1])(Array.from_list([0, 0], 'int8'))",
            np.array([5, 5], np.int8),
        ),
        ("Scalar('float64', 2.0)", np.float64(2.0)),
        ("{1: (None, 3.0), 'a': b'x' * 2000}", {1: (None, 3.0), "a": b"x" * 2000}),
        ("__import__('collections').OrderedDict([('z', 1), ('a', ())])", {"z": 1, "a": ()}),
    ],
)
def test_what_the_page_makes_arrives(page: Runtime, code: str, expected: Any) -> None:
    assert same(decode(*page.call("send", code)), expected)


def test_what_is_transferred_stands_beside_the_text_itself(page: Runtime) -> None:
    page.exec("""
from gymworker.codec import Transfer

def transfer(text, buffers, out):
    canvas = js.Object.new()
    text, made = encode({"canvas": Transfer(canvas), "array": Array.from_list([1.5] * 50)})
    whole = decode(text, [item.object if type(item) is Transfer else item for item in made])
    same = js.Object["is"](whole["canvas"], canvas)
    return repr((text, len(made), same))
""")
    text, count, same_object = eval(page.call("transfer", "")[0])
    assert ["o", [0, "canvas"]] in json.loads(text)[1]
    assert (count, same_object) == (2, True)


def test_a_scalar_computes_as_its_number(page: Runtime) -> None:
    code = "(v + 1, 1 + v, v * 2.0, -v, v > 1, v == 2.5, bool(v), int(v), '%.2f' % v, round(v), "
    code += "str(v), Scalar('int8', 2) < v, v - Scalar('int8', 1))"
    expected = (3.5, 3.5, 5.0, -2.5, True, True, True, 2, "2.50", 2, "2.5", True, 1.5)
    assert look(page, np.float64(2.5), code) == repr(expected)


@pytest.mark.parametrize(
    "code", ["js", "{1}", "1j", "bytearray(1)", "object()", "js.Uint8Array.new(1)"]
)
def test_the_page_refuses_what_cannot_cross_with_its_path(page: Runtime, code: str) -> None:
    result = look(page, 0, f"encode({{'payload': {{'actions': ({code},)}}}})")
    assert result.startswith("EncodeError: payload['actions'][0]: ")


def test_the_page_refuses_cycles_and_depth(page: Runtime) -> None:
    cycle = "encode((lambda a: (a.append(a), {'x': a})[1])([]))"
    assert look(page, 0, cycle) == "EncodeError: x[0]: list cannot be sent: it contains itself"
    deep = "encode(__import__('functools').reduce(lambda a, i: ({}), range({}), 0))[0][0]"
    for container in ("{1: a}", "(a,)", "[a, ()]"):
        assert look(page, 0, deep.format(container, 20)) == "'['"
        for depth in (33, 200, 1000):
            result = look(page, 0, deep.format(container, depth))
            assert result.startswith("EncodeError") and "too deeply" in result


@pytest.mark.parametrize(
    "text",
    ["", "1", "[]", "[1, 2, 3]", "[" * 1000,
     '[1,[["zz",[0]]]]', '[1,[["t",[7]]]]', "[1,[[[],[0]]]]",
     '[0,[["a",[0],"uint8",[5]]]]', '[-1,[["b",[0]]]]', '[[1,2],[["a",[0],"float32",[-2,-1]]]]',
     '[[1],[["a",[0],"O",[1]]]]', '["zz",[["n",[0],"int8"]]]', '[[[[1],2]],[["d",[0]]]]'],
)  # fmt: skip
def test_broken_text_is_a_protocol_error_on_the_page(page: Runtime, text: str) -> None:
    assert look(page, 0, f"decode({text!r}, [])").startswith("ProtocolError: ")


def test_a_runtime_that_dies_or_raises_is_reported(page: Runtime) -> None:
    with pytest.raises(RuntimeFailure, match="ZeroDivisionError"):
        page.exec("1 / 0")
