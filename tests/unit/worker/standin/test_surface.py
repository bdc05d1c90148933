"""Surfaces beside pygame's: filled, drawn on one another, cut, as arrays."""

import copy
import pickle
from typing import Any

import numpy as np
import pygame as real
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.worker.standin.pictures import (
    EACH,
    check_same,
    clear_colors,
    colors,
    ground,
    off,
    ours,
    pixels,
    places,
    rects,
)

MODULES = pytest.mark.parametrize("pygame", [real, ours], ids=["pygame", "stand-in"])


def stamp(pygame: Any, alpha: bool) -> Any:
    """A small picture to draw on others."""
    return pygame.transform.flip(ground(pygame, alpha, (30, 20)), True, True)


@EACH
@given(color=clear_colors, rect=st.none() | rects, alpha=st.booleans())
def test_fill_is_pygame_s(color: Any, rect: Any, alpha: bool) -> None:
    check_same(lambda pygame, surface: surface.fill(color, rect), alpha)


@EACH
@given(place=places, area=st.none() | rects, alpha=st.booleans(), on_alpha=st.booleans())
def test_blit_is_pygame_s(place: Any, area: Any, alpha: bool, on_alpha: bool) -> None:
    check_same(lambda pygame, surface: surface.blit(stamp(pygame, alpha), place, area), on_alpha)


@EACH
@given(place=places, opacity=st.integers(0, 255), key=st.booleans())
def test_blit_of_an_opaque_surface_with_an_alpha_or_a_colorkey_is_pygame_s(
    place: Any, opacity: int, key: bool
) -> None:
    def drawn(pygame: Any, surface: Any) -> None:
        other = stamp(pygame, False)
        pygame.draw.rect(other, (9, 8, 7), (5, 5, 10, 6))
        other.set_alpha(opacity)
        if key:
            other.set_colorkey((9, 8, 7))
        surface.blit(other, place)

    apart = off(drawn)
    assert apart.max() <= (1 if key else 0)


@EACH
@given(place=places, opacity=st.integers(0, 255))
def test_blit_with_both_kinds_of_alpha_is_pygame_s_but_for_rounding(
    place: Any, opacity: int
) -> None:
    def drawn(pygame: Any, surface: Any) -> None:
        other = stamp(pygame, True)
        other.set_alpha(opacity)
        surface.blit(other, place)

    assert off(drawn).max() <= 2


@EACH
@given(place=places, alpha=st.booleans())
@pytest.mark.parametrize("mode", ["ADD", "SUB", "MULT", "MIN", "MAX"])
def test_blend_modes_are_pygame_s(mode: str, place: Any, alpha: bool) -> None:
    check_same(
        lambda pygame, surface: surface.blit(
            stamp(pygame, alpha), place, None, getattr(pygame, f"BLEND_{mode}")
        )
    )


@EACH
@given(rect=rects, place=places)
def test_what_blit_returns_is_pygame_s(rect: Any, place: Any) -> None:
    found = []
    for pygame in (real, ours):
        surface: Any = ground(pygame)
        found.append(tuple(surface.blit(stamp(pygame, False), place, rect)))
    if found[0][2] and found[0][3]:
        assert found[1] == found[0]
    else:
        assert 0 in found[1][2:]


@MODULES
def test_blit_on_itself_reads_what_was_there(pygame: Any) -> None:
    surface = ground(pygame)
    before = pixels(surface)
    surface.blit(surface, (7, 3))
    assert (pixels(surface)[3:, 7:] == before[:-3, :-7]).all()


@MODULES
def test_a_part_shares_its_pixels(pygame: Any) -> None:
    surface = ground(pygame)
    part = surface.subsurface((10, 5, 20, 10))
    part.fill((1, 2, 3))
    assert part.get_size() == (20, 10)
    assert part.get_offset() == (10, 5)
    assert part.get_parent() is surface
    assert tuple(surface.get_at((29, 14))) == (1, 2, 3, 255)
    with pytest.raises(ValueError, match="outside surface area"):
        surface.subsurface((50, 30, 20, 20))


@MODULES
def test_what_a_surface_says_of_itself(pygame: Any) -> None:
    clear = pygame.Surface((7, 5), pygame.SRCALPHA, 32)
    assert (clear.get_size(), clear.get_width(), clear.get_height()) == ((7, 5), 7, 5)
    assert tuple(clear.get_at((0, 0))) == (0, 0, 0, 0)
    assert clear.get_flags() & pygame.SRCALPHA
    assert tuple(pygame.Surface((7, 5)).get_at((6, 4))) == (0, 0, 0, 255)
    assert tuple(clear.get_rect(center=(50, 60))) == (47, 58, 7, 5)
    assert (clear.get_alpha(), clear.get_colorkey()) == (255, None)
    clear.set_at((3, 2), (1, 2, 3, 4))
    assert tuple(clear.get_bounding_rect()) == (3, 2, 1, 1)
    with pytest.raises(IndexError):
        clear.get_at((7, 0))
    with pytest.raises(pygame.error, match="Invalid resolution"):
        pygame.Surface((-1, 5))


@MODULES
def test_conversions(pygame: Any) -> None:
    pygame.display.init()
    pygame.display.set_mode((10, 10))
    clear = ground(pygame, True)
    assert not clear.convert().get_flags() & pygame.SRCALPHA
    assert (pixels(clear.convert())[..., :3] == pixels(clear)[..., :3]).all()
    opaque = ground(pygame)
    opaque.set_colorkey(opaque.get_at((0, 0)))
    converted = pixels(opaque.convert_alpha())
    assert (converted[0, 0, 3], converted[0, 1, 3]) == (0, 255)
    pygame.display.quit()


@MODULES
def test_arrays_go_across_first(pygame: Any) -> None:
    surface = ground(pygame, True)
    live = pygame.surfarray.pixels3d(surface)
    assert live.shape == (60, 40, 3)
    live[12, 7] = 11, 22, 33
    pygame.surfarray.pixels_alpha(surface)[12, 7] = 44
    pygame.surfarray.pixels_red(surface)[13, 7] = 99
    del live
    assert tuple(surface.get_at((12, 7))) == (11, 22, 33, 44)
    assert surface.get_at((13, 7))[0] == 99
    copied = pygame.surfarray.array3d(surface)
    copied[:] = 0
    assert tuple(surface.get_at((12, 7)))[:3] == (11, 22, 33)
    assert pygame.surfarray.array2d(surface)[12, 7] == 44 << 24 | 11 << 16 | 22 << 8 | 33
    made = pygame.surfarray.make_surface(np.full((3, 2, 3), [5, 6, 7]))
    assert (made.get_size(), tuple(made.get_at((2, 1)))) == ((3, 2), (5, 6, 7, 255))
    with pytest.raises(ValueError, match="match surface dimensions"):
        pygame.surfarray.blit_array(surface, np.zeros((3, 2, 3)))
    with pytest.raises(ValueError, match="alpha"):
        pygame.surfarray.pixels_alpha(made)


def test_a_frame_of_gymnasium_is_in_one_piece() -> None:
    """So that it is copied at once, and not pixel by pixel."""
    frame = np.transpose(np.array(ours.surfarray.pixels3d(ground(ours))), axes=(1, 0, 2))
    assert frame.flags.c_contiguous


@EACH
@given(color=colors | st.integers(0, 0xFFFFFF))
def test_colours_of_any_kind_fill_alike(color: Any) -> None:
    check_same(lambda pygame, surface: surface.fill(color))


def test_surfaces_can_be_copied_and_pickled() -> None:
    surface = ground(ours, True)
    for other in (copy.deepcopy(surface), pickle.loads(pickle.dumps(surface)), surface.copy()):
        assert (pixels(other) == pixels(surface)).all()
        other.fill("red")
        assert tuple(surface.get_at((1, 0))) == (37, 0, 91, 29)


def test_what_is_not_there_names_itself() -> None:
    surface = ours.Surface((3, 3))
    with pytest.raises(AttributeError, match=r"^pygame\.surface\.Surface\.scroll is not there"):
        surface.scroll(1, 1)
    with pytest.raises(NotImplementedError, match=r"^pygame\.Surface\(depth=8\) is not there"):
        ours.Surface((3, 3), 0, 8)
    with pytest.raises(NotImplementedError, match="special_flags=9"):
        surface.blit(surface, (0, 0), None, 9)
    with pytest.raises(NotImplementedError, match=r"surfarray\.pixels2d"):
        ours.surfarray.pixels2d(surface)


@EACH
@given(spots=st.lists(places, min_size=1, max_size=4), color=colors)
def test_many_blits_channels_and_numbers_of_colours_are_pygame_s(spots: Any, color: Any) -> None:
    def drawn(pygame: Any, surface: Any) -> None:
        stamp = pygame.Surface((7, 5))
        stamp.fill(surface.unmap_rgb(surface.map_rgb(color)))
        surface.blits([(stamp, place) for place in spots])
        surface.fblits([(stamp, (y, x)) for x, y in spots])
        pygame.surfarray.pixels_green(surface)[3:9, 2:5] = 77
        pygame.surfarray.pixels_blue(surface)[13:19, 2:5] = 7
        image = pygame.image.frombuffer(bytes(range(72)), (6, 4), "RGB")
        surface.blit(image, (20, 20))

    check_same(drawn)
