"""Surfaces turned, flipped and scaled, beside pygame's."""

from typing import Any

import numpy as np
import pygame as real
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.worker.standin.pictures import (
    EACH,
    ground,
    ours,
    pixels,
)

sizes = st.tuples(st.integers(1, 130), st.integers(1, 90))


def changed(change: Any, alpha: bool, smooth: bool = False) -> tuple[Any, Any]:
    """What real pygame and the stand-in make of the same picture."""
    found = []
    for pygame in (real, ours):
        surface = ground(pygame, alpha)
        if smooth:  # a picture whose neighbours are alike
            across, down = np.meshgrid(np.arange(60), np.arange(40), indexing="ij")
            shade = np.stack([across * 4, down * 6, across + down], axis=2)
            pygame.surfarray.blit_array(surface, shade.astype(np.uint8))
        found.append(pixels(change(pygame.transform, surface)))
    return found[0], found[1]


@EACH
@given(x=st.booleans(), y=st.booleans(), alpha=st.booleans())
def test_flip_is_pygame_s(x: bool, y: bool, alpha: bool) -> None:
    theirs, mine = changed(lambda transform, surface: transform.flip(surface, x, y), alpha)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(size=sizes, alpha=st.booleans())
def test_scale_is_pygame_s(size: Any, alpha: bool) -> None:
    theirs, mine = changed(lambda transform, surface: transform.scale(surface, size), alpha)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(factor=st.sampled_from([0.5, 1, 1.5, 2, (2, 0.5)]))
def test_scale_by_is_pygame_s(factor: Any) -> None:
    theirs, mine = changed(lambda transform, surface: transform.scale_by(surface, factor), False)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(alpha=st.booleans())
def test_grayscale_is_pygame_s(alpha: bool) -> None:
    theirs, mine = changed(lambda transform, surface: transform.grayscale(surface), alpha)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(factor=st.sampled_from([0.5, 1, 1.5, 2, (2, 0.5)]))
def test_smoothscale_by_is_pygame_s_but_for_rounding_and_keeps_the_alpha(factor: Any) -> None:
    """pygame-ce makes it opaque here, and nowhere else."""
    theirs, mine = changed(
        lambda transform, surface: transform.smoothscale_by(surface, factor), False, smooth=True
    )
    assert np.abs(mine - theirs).max() <= 3


@EACH
@given(size=sizes, alpha=st.booleans())
def test_smoothscale_is_pygame_s_but_for_rounding(size: Any, alpha: bool) -> None:
    theirs, mine = changed(
        lambda transform, surface: transform.smoothscale(surface, size), alpha, smooth=True
    )
    assert mine.shape == theirs.shape
    assert np.abs(mine - theirs)[..., :3].max() <= 4


@EACH
@given(size=st.tuples(st.integers(60, 190), st.integers(40, 90)), alpha=st.booleans())
def test_what_grows_smoothly_is_pygame_s(size: Any, alpha: bool) -> None:
    if real.transform.get_smoothscale_backend() != "SSE2":
        pytest.skip("this processor has another arithmetic")
    theirs, mine = changed(
        lambda transform, surface: transform.smoothscale(surface, size), alpha, smooth=True
    )
    np.testing.assert_array_equal(mine[..., :3], theirs[..., :3])


@EACH
@given(turns=st.integers(-5, 5), alpha=st.booleans())
def test_a_turn_by_a_right_angle_is_pygame_s(turns: int, alpha: bool) -> None:
    theirs, mine = changed(lambda transform, surface: transform.rotate(surface, 90 * turns), alpha)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(angle=st.floats(-400, 400), alpha=st.booleans())
def test_a_turn_by_any_angle_is_pygame_s(angle: float, alpha: bool) -> None:
    theirs, mine = changed(lambda transform, surface: transform.rotate(surface, angle), alpha)
    np.testing.assert_array_equal(mine, theirs)


@EACH
@given(angle=st.floats(-400, 400), scale=st.sampled_from([0.5, 1.0, 2.0]))
def test_rotozoom_has_about_the_size_of_pygame_s(angle: float, scale: float) -> None:
    theirs, mine = changed(
        lambda transform, surface: transform.rotozoom(surface, angle, scale), True
    )
    assert np.abs(np.subtract(mine.shape, theirs.shape)).max() <= 4


@pytest.mark.parametrize("pygame", [real, ours], ids=["pygame", "stand-in"])
def test_a_surface_of_the_same_size_can_take_the_result(pygame: Any) -> None:
    to = pygame.Surface((30, 20))
    assert pygame.transform.scale(ground(pygame), (30, 20), to) is to
    assert to.get_at((1, 0)) == ground(pygame).get_at((3, 1))
    with pytest.raises(ValueError, match="Destination surface not the given width or height"):
        pygame.transform.scale(ground(pygame), (31, 20), to)
    with pytest.raises(ValueError, match="negative size"):
        pygame.transform.scale(ground(pygame), (-1, 20))


def test_what_is_not_there_names_itself() -> None:
    with pytest.raises(AttributeError, match=r"^pygame\.transform\.laplacian is not there"):
        ours.transform.laplacian  # noqa: B018
