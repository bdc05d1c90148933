"""Ids of Gymnasium with keyword arguments are read, written, or refused with a sentence."""

import ast
import json
from typing import Any

import pytest
from app.gymid import is_id, read, same, write

from gymserver.site import ROOT
from tests.runtimes import Runtime

ARGUMENTS = [
    "a=1, b=-2, c=0.5, d=-1e-3, e=1_000, f=.5, g=2.",
    "a=True, b=False, c=None",
    "a=\"text\", b='it is \"said\"', c='a\\n\\t\\\\', d=\"(, =)\", e=''",
    "a=[], b=[1, [2.5, 'x']], c=(1, 2), d=(1,), e=(1), f=()",
    'a={}, b={"x": 1, 2: [3], True: None}',
    " a = 1 ,\n b = { 'x' : ( 1 , 2 ) , } , ",
    "desc=['SFFF', 'FHFH']",
    "",
]
BAD = {
    "": "Expected an id with its version, such as CartPole-v1, or a module, such as "
    "pettingzoo.classic.chess_v6, not “”.",
    "CartPole": "not “CartPole”",
    "CartPole-v": "Expected an id",
    "-v1": "Expected an id",
    "Cart Pole-v1": "Expected an id",
    "connect_four_v3": "Expected an id",
    "pettingzoo.classic._v3": "Expected an id",
    "pettingzoo..chess_v6": "Expected an id",
    "pettingzoo.classic.chess_v": "Expected an id",
    "pettingzoo.3d.chess_v6": "Expected an id",
    "petting zoo.chess_v6": "Expected an id",
    "CartPole-v1)": "Expected an id",
    "A-v1(": 'Expected the name of one, as in map_name="8x8", in the arguments, got the end.',
    "A-v1(3)": "Expected the name of one",
    "A-v1(a)": "Expected = in the arguments, got “)”.",
    "A-v1(a=)": 'Expected a value such as 3, 0.5, True, None, "text" or [1, 2] in the arguments',
    "A-v1(a=true)": "Expected a value",
    "A-v1(a=nan)": "Expected a value",
    "A-v1(a=open('x'))": "Expected a value such as",
    "A-v1(a=1": "Expected a comma or ) in the arguments, got the end.",
    "A-v1(a=1 b=2)": "Expected a comma or ) in the arguments, got “b=2)”.",
    "A-v1(a='x)": "Expected the end of a text, ', in the arguments, got the end.",
    "A-v1(a=[1, 2)": "Expected a comma or ]",
    "A-v1(a={1})": "Expected : in the arguments",
    "A-v1(a={[1]: 2})": "Expected a text or a number for a key in the arguments",
    "A-v1(a=1) b": "Expected the end in the arguments, got “b”.",
    "A-v1(a=1, a=2)": "Expected each name once, got a twice.",
    "A-v1(a=" + "[" * 500: "Expected fewer brackets in brackets",
}


NAMED = "gymworker/page/named.py"


@pytest.fixture(scope="module")
def page(micropython: Runtime) -> Runtime:
    """The page's Python, with the module."""
    for place in ("gymworker/__init__.py", "gymworker/page/__init__.py"):
        micropython.write(place, "")
    for place, file in (("gymid.py", "app/gymid.py"), (NAMED, NAMED)):
        micropython.write(place, (ROOT / "web" / file).read_text("utf-8"))
    micropython.exec("""
import gymid

def again(text, buffers, out):
    try:
        return gymid.write(*gymid.read(text))
    except ValueError as error:
        return str(error)
""")
    return micropython


def literals(arguments: str) -> dict[str, Any]:
    """What Python itself takes the arguments for."""
    call = ast.parse(f"f({arguments})".replace("\n", " "), mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_arguments_are_what_they_are_in_python(arguments: str) -> None:
    id, found = read(f" my.pack:name/Env-X_2-v10 ({arguments})")
    assert id == "my.pack:name/Env-X_2-v10"
    assert repr(sorted(found.items())) == repr(sorted(literals(arguments).items()))
    assert read(write(id, found)) == (id, found)
    assert same(write(id, found)) == write(id, found)


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(text)
    assert str(caught.value).startswith(BAD[text]) or BAD[text] in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 160
    assert same(text) is None


def test_a_module_is_a_name_too() -> None:
    text = "pettingzoo.classic.connect_four_v3(screen_scaling=9)"
    assert read(text) == ("pettingzoo.classic.connect_four_v3", {"screen_scaling": 9})
    assert same(text) == text
    assert is_id("mpe2.simple_spread_v3")


def test_one_environment_has_one_name() -> None:
    names = ['A-v1(b=[1,2],a="x")', "A-v1( a='x', b=[1, 2,] )"]
    assert {same(name) for name in names} == {'A-v1(a="x", b=[1, 2])'}
    assert same("A-v1()") == same("A-v1") == "A-v1"
    assert is_id("A-v1")
    assert not is_id("A-v1()")


def test_the_page_s_python_reads_the_same(page: Runtime) -> None:
    for text in [*(f"A-v1({arguments})" for arguments in ARGUMENTS), *BAD]:
        try:
            wanted = write(*read(text))
        except ValueError as error:
            wanted = str(error)
        assert page.call("again", text, [])[0] == wanted, json.dumps(text)
