"""What is around the pictures: sprites, time, events, keys, the display, text."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pygame as real
import pytest
from gymworker.pygame import constants
from gymworker.worker import standin
from numpy.typing import NDArray

from tests.unit.worker.standin.pictures import ours

MODULES = pytest.mark.parametrize("pygame", [real, ours], ids=["pygame", "stand-in"])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[NDArray[np.uint8]]]:
    """The frames that the stand-in's display shows."""
    frames: list[NDArray[np.uint8]] = []
    monkeypatch.setattr(standin, "show", frames.append)
    yield frames
    ours.quit()


def test_the_display_shows_its_picture_as_it_is_then(shown: list[NDArray[np.uint8]]) -> None:
    ours.init()
    screen = ours.display.set_mode((30, 20))
    assert ours.display.get_surface() is screen
    screen.fill((1, 2, 3))
    ours.display.flip()
    screen.fill("red")
    ours.display.update()
    assert [frame.shape for frame in shown] == [(20, 30, 3)] * 2
    assert [frame[0, 0].tolist() for frame in shown] == [[1, 2, 3], [255, 0, 0]]


def test_a_display_without_anybody_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standin, "show", None)
    ours.display.set_mode()
    ours.display.flip()
    assert ours.display.get_window_size() == (640, 480)
    ours.display.quit()
    assert not ours.display.get_init()
    with pytest.raises(ours.error, match="Display mode not set"):
        ours.display.flip()


@MODULES
def test_sprites_and_groups(pygame: Any) -> None:
    class Ball(pygame.sprite.Sprite):  # type: ignore[misc]
        def __init__(self, x: int, *groups: Any) -> None:
            super().__init__(*groups)
            self.image = pygame.Surface((4, 4))
            self.image.fill((200, 0, 0))
            self.rect = self.image.get_rect(topleft=(x, 3))

        def update(self, by: int) -> None:
            self.rect.x += by

    group = pygame.sprite.Group()
    balls = [Ball(x, group) for x in (0, 2, 20)]
    other = pygame.sprite.Group(balls[0], balls[2])
    assert (len(group), balls[0] in other, balls[1] in other) == (3, True, False)
    assert pygame.sprite.spritecollide(balls[0], group, False) == balls[:2]
    assert pygame.sprite.spritecollideany(balls[2], pygame.sprite.Group(balls[0])) is None
    assert pygame.sprite.groupcollide(group, other, False, False) == {
        balls[0]: [balls[0]], balls[1]: [balls[0]], balls[2]: [balls[2]],
    }  # fmt: skip
    assert pygame.sprite.collide_circle(balls[0], balls[1])
    group.update(10)
    assert [ball.rect.x for ball in group] == [10, 12, 30]
    screen = pygame.Surface((40, 10))
    group.draw(screen)
    assert tuple(screen.get_at((31, 4))) == (200, 0, 0, 255)
    assert pygame.sprite.spritecollide(balls[0], group, True) == balls[:2]
    assert [ball.alive() for ball in balls] == [False, False, True]
    assert group.sprites() == other.sprites() == [balls[2]]
    single = pygame.sprite.GroupSingle(balls[0])
    single.add(balls[1])
    assert (single.sprite, len(single), balls[0].alive()) == (balls[1], 1, False)
    group.empty()
    assert not group


def test_nobody_waits() -> None:
    clock = ours.time.Clock()
    began = time.monotonic()
    assert [clock.tick(10) for _ in range(20)] == [100] * 20
    assert (clock.get_time(), clock.get_fps()) == (100, 10.0)
    assert ours.time.wait(5000) == ours.time.delay(5000) == 5000
    assert ours.event.wait().type == ours.NOEVENT
    assert time.monotonic() - began < 2
    assert 0 <= ours.time.Clock().tick() < 1000
    assert ours.time.get_ticks() >= 0


def test_only_events_that_were_posted_come() -> None:
    ours.event.clear()
    ours.event.pump()
    assert ours.event.get() == []
    down = ours.event.Event(ours.KEYDOWN, {"key": ours.K_LEFT})
    assert ours.event.post(down)
    ours.event.post(ours.event.Event(ours.QUIT, code=3))
    assert ours.event.peek(ours.QUIT)
    assert ours.event.get(ours.KEYDOWN) == [down]
    assert (down.key, down.dict) == (ours.K_LEFT, {"key": ours.K_LEFT})
    assert ours.event.poll().code == 3
    ours.event.set_blocked([ours.QUIT])
    assert not ours.event.post(ours.event.Event(ours.QUIT))
    ours.event.set_allowed(None)
    assert ours.event.custom_type() > ours.USEREVENT


def test_no_key_and_no_button_is_down() -> None:
    pressed = ours.key.get_pressed()
    assert not pressed[ours.K_LEFT]
    assert (ours.key.get_mods(), ours.mouse.get_pos()) == (0, (0, 0))
    assert ours.mouse.get_pressed() == (False, False, False)


def test_constants_are_pygame_s() -> None:
    for name in constants.__all__:
        assert getattr(constants, name) == getattr(real, name), name
    assert {"K_LEFT", "SRCALPHA", "QUIT"} <= set(constants.__all__)
    assert ours.K_a == real.K_a


def test_names_of_keys_are_pygame_s() -> None:
    real.display.init()
    for name in ("left", "right", "up", "down", "space", "a", "7", "escape", "return", "f5"):
        assert ours.key.key_code(name) == real.key.key_code(name)
        assert ours.key.name(real.key.key_code(name)) == name
    with pytest.raises(ValueError, match="unknown key name"):
        ours.key.key_code("any")


@pytest.mark.parametrize("size", [12, 20, 36])
def test_text_has_about_the_size_of_pygame_s(size: int) -> None:
    real.font.init()
    makers: list[Any] = [lambda m: m.font.Font(None, size), lambda m: m.font.SysFont(None, size)]
    for made in makers:
        theirs, mine = (made(module).render("Score: 42", True, "red") for module in (real, ours))
        assert mine.get_height() == pytest.approx(theirs.get_height(), rel=0.1, abs=1)
        assert mine.get_width() == pytest.approx(theirs.get_width(), rel=0.25)


def test_text_without_a_browser_is_a_box_for_each_letter() -> None:
    font = ours.font.Font(None, 30)
    text = font.render("a b", True, (10, 20, 30))
    assert text.get_size() == font.size("a b")
    inked = np.flatnonzero(text._alpha.any(axis=0))
    gaps = np.flatnonzero(np.diff(inked) > 3)
    assert len(gaps) == 1
    assert tuple(text.get_at((inked[0], font.get_ascent() - 1)))[:3] == (10, 20, 30)
    assert font.render("a\nb", True, "red").get_height() == 2 * font.get_linesize()
    assert font.render("", True, "red").get_width() == 0
    ground = font.render("a", False, "red", "blue")
    assert tuple(ground.get_at((0, 0))) == (0, 0, 255, 255)


def test_text_is_written_by_who_can(monkeypatch: pytest.MonkeyPatch) -> None:
    class Writer:
        asked: Any = ()

        def width(self, text: str, font: str) -> float:
            return len(text) * 3.5

        def pixels(self, text: str, font: str, width: int, height: int, baseline: int) -> bytes:
            self.asked = text, font, width, height, baseline
            return bytes(range(width)) * height

    writer = Writer()
    monkeypatch.setattr(standin, "writer", writer)
    font = ours.font.SysFont("Fira Mono, arial", 20, bold=True)
    text = font.render("Hi!", True, (1, 2, 3))
    assert writer.asked == ("Hi!", 'bold 16.00px "Fira Mono", "arial", monospace', 11, 20, 16)
    assert [text.get_at((x, 5)).a for x in range(11)] == list(range(11))


def test_freetype_cuts_text_to_its_letters() -> None:
    font = ours.freetype.SysFont("arial", 20)
    surface, rect = font.render("Hi", (9, 9, 9))
    assert surface.get_size() == (rect.w, rect.h)
    assert font.get_rect("Hi") == rect
    picture = ours.Surface((60, 40))
    font.fgcolor = ours.Color("red")
    where = font.render_to(picture, (10, 12), "Hi")
    inked = np.argwhere(picture._rgb.any(axis=2))
    assert tuple(where) == (10, 12, rect.w, rect.h)
    assert inked.min(axis=0).tolist() == [12, 10]
    assert tuple(font.render_to(picture, (0, 0), "")) == (0, 0, 0, 0)
    with pytest.raises(NotImplementedError, match=r"freetype\.Font\.render\(rotation=90\)"):
        font.render("Hi", rotation=90)
    with pytest.raises(NotImplementedError, match=r"freetype\.Font\.render\(style=1\)"):
        font.render("Hi", style=ours.freetype.STYLE_STRONG)


def test_text_is_wrapped_between_words() -> None:
    font = ours.font.Font(None, 30)
    line = font.get_linesize()
    room = font.size("one two")[0]
    wrapped = font.render("one two three\nfour", True, "red", wraplength=room)
    assert wrapped.get_size() == (max(font.size(t)[0] for t in ("one two", "three")), 3 * line)
    assert font.render("unbreakable", True, "red", wraplength=5).get_height() == line
    assert font.render("one two", True, "red", wraplength=0).get_size() == (room, line)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ours.font.Font(None, 9), "font.Font"),
        (lambda: ours.freetype.SysFont("arial", 9), "freetype.Font"),
        (lambda: ours.math.Vector2(1, 2), "math.Vector2"),
        (lambda: ours.Color("red"), "color.Color"),
        (ours.time.Clock, "time.Clock"),
        (lambda: ours.Surface((1, 1)), "surface.Surface"),
        (lambda: ours.Rect(0, 0, 1, 1), "rect.Rect"),
        (ours.sprite.Group, "sprite.Group"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_object_names_what_it_lacks(make: Any, name: str) -> None:
    made = make()
    with pytest.raises(AttributeError, match=rf"^pygame\.{name}\.nothing is not there: .*stand-in"):
        _ = made.nothing
    assert not hasattr(made, "__nothing__")


@pytest.mark.parametrize("name", ["K_nothing", "camera", "FRect", "mask"])
def test_what_is_not_there_names_itself(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"^pygame\.{name} is not there: .*stand-in"):
        getattr(ours, name)
    assert not hasattr(ours, name)


def test_modules_name_themselves() -> None:
    drawing = ("display", "font", "freetype", "image", "sprite")
    for name in (*drawing, "event", "key", "mixer", "mouse", "time"):
        with pytest.raises(AttributeError, match=rf"^pygame\.{name}\.nothing is not there"):
            getattr(ours, name).nothing  # noqa: B018


@MODULES
def test_sounds_are_there_and_have_a_volume(pygame: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")  # Gymnasium asks for a device
    pygame.mixer.pre_init(44100)
    assert pygame.mixer.get_init() is None
    pygame.mixer.init()
    assert pygame.mixer.get_init() == (44100, -16, 2)
    sound = pygame.mixer.Sound(buffer=bytes(8))
    assert sound.get_volume() == 1
    sound.set_volume(0.5)
    assert sound.get_volume() == 0.5
    sound.play()
    sound.stop()
    assert sound.get_num_channels() == 0
    pygame.mixer.quit()
    assert pygame.mixer.get_init() is None


def test_a_star_brings_the_constants() -> None:
    names: dict[str, Any] = {}
    exec("from gymworker.pygame.locals import *", names)
    assert (names["K_UP"], names["QUIT"], names["Rect"]) == (real.K_UP, real.QUIT, ours.Rect)


def test_it_starts_and_ends() -> None:
    assert ours.init() == (5, 0)
    assert ours.get_init()
    assert ours.display.get_init()
    ours.quit()
    assert not ours.get_init()
    assert ours.version.ver == ours.ver


def test_whole_numbers_have_64_bits_in_a_browser_too() -> None:
    """What NumPy takes by itself has 32 there, which 16 bits behind the point overflow."""
    for file in Path(ours.__file__).parent.glob("*.py"):
        if file.name != "_whole.py":
            assert "np.arange(" not in file.read_text("utf-8"), file.name
