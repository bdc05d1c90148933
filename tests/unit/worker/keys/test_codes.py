"""pygame's codes of keys, of both its versions, and what a browser calls these keys."""

from typing import Any

import gymnasium
import pygame
import pytest
from gymworker.worker.keys.mapping import Mapping, combination

CODES = {name: code for name, code in vars(pygame).items() if name.startswith("K_") and code}

NAMES = {
    "K_RETURN": "Enter", "K_BACKSPACE": "Backspace", "K_SPACE": " ", "K_CAPSLOCK": "CapsLock",
    "K_F1": "F1", "K_F12": "F12", "K_F13": "F13", "K_F15": "F15", "K_PRINTSCREEN": "PrintScreen",
    "K_SCROLLLOCK": "ScrollLock", "K_PAUSE": "Pause", "K_INSERT": "Insert", "K_DELETE": "Delete",
    "K_HOME": "Home", "K_PAGEUP": "PageUp", "K_END": "End", "K_PAGEDOWN": "PageDown",
    "K_RIGHT": "ArrowRight", "K_LEFT": "ArrowLeft", "K_DOWN": "ArrowDown", "K_UP": "ArrowUp",
    "K_NUMLOCK": "NumLock", "K_KP_DIVIDE": "/", "K_KP_MULTIPLY": "*", "K_KP_MINUS": "-",
    "K_KP_PLUS": "+", "K_KP_ENTER": "Enter", "K_KP1": "1", "K_KP9": "9", "K_KP0": "0",
    "K_KP_PERIOD": ".", "K_KP_EQUALS": "=", "K_POWER": "Power", "K_HELP": "Help",
    "K_MENU": "ContextMenu", "K_SYSREQ": "PrintScreen", "K_CLEAR": "Clear", "K_EURO": "€",
    "K_LCTRL": "Control", "K_RCTRL": "Control", "K_LSHIFT": "Shift", "K_RSHIFT": "Shift",
    "K_LALT": "Alt", "K_RALT": "Alt", "K_LGUI": "Meta", "K_RSUPER": "Meta", "K_MODE": "AltGraph",
    "K_AC_BACK": "BrowserBack", "K_a": "a", "K_9": "9", "K_BACKQUOTE": "`", "K_EXCLAIM": "!",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_key_of_pygame_2_is_what_the_browser_calls_it(name: str) -> None:
    assert combination(CODES[name]) == combination((CODES[name],)) == {NAMES[name]}


def test_every_key_of_pygame_2_is_one() -> None:
    assert len(CODES) > 140
    for name, code in CODES.items():
        (key,) = combination(code)
        assert key == NAMES.get(name, key)
        assert len(key) == 1 or combination(key) == {key}, name


PYGAME_1 = {
    12: "Clear", 19: "Pause", 256: "0", 257: "1", 265: "9", 266: ".", 267: "/", 268: "*", 269: "-",
    270: "+", 271: "Enter", 272: "=", 273: "ArrowUp", 274: "ArrowDown", 275: "ArrowRight",
    276: "ArrowLeft", 277: "Insert", 278: "Home", 279: "End", 280: "PageUp", 281: "PageDown",
    282: "F1", 293: "F12", 296: "F15", 300: "NumLock", 301: "CapsLock", 302: "ScrollLock",
    303: "Shift", 304: "Shift", 305: "Control", 306: "Control", 307: "Alt", 308: "Alt", 309: "Meta",
    310: "Meta", 311: "Meta", 312: "Meta", 313: "AltGraph", 315: "Help", 316: "PrintScreen",
    318: "Pause", 319: "ContextMenu",
}  # fmt: skip


@pytest.mark.parametrize("code", PYGAME_1)
def test_a_key_of_pygame_1_is_what_the_browser_calls_it(code: int) -> None:
    assert combination(code) == {PYGAME_1[code]}


def test_the_keys_of_gymnasiums_mountain_car_are_arrows() -> None:
    env: Any = gymnasium.make("MountainCar-v0").unwrapped
    mapping = Mapping(env.get_keys_to_action())
    assert [control["keys"] for control in mapping.controls()] == [
        ["ArrowLeft"],
        ["ArrowRight"],
        ["ArrowLeft", "ArrowRight"],
    ]
    assert mapping.idle == [1]
