"""Sprites, which have an ``image`` and a ``rect``, and groups of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ._lacking import Named, attributes_of
from .rect import Rect
from .surface import Surface

Collided = Callable[[Any, Any], bool]


class Sprite:
    """What can be in groups.

    Args:
        groups: that it is in from the beginning.

    Attributes:
        image: its picture, which a subclass sets.
        rect: where that is drawn, which a subclass sets.
    """

    image: Any = None
    rect: Any = None

    def __init__(self, *groups: Any) -> None:
        self.__groups: dict[AbstractGroup, None] = {}
        self.add(*groups)

    def add(self, *groups: Any) -> None:
        """Put it into groups."""
        for group in _each_group(groups):
            group.add(self)

    def remove(self, *groups: Any) -> None:
        """Take it out of groups."""
        for group in _each_group(groups):
            group.remove(self)

    def add_internal(self, group: AbstractGroup) -> None:
        """Remember a group, which has it already."""
        self.__groups[group] = None

    def remove_internal(self, group: AbstractGroup) -> None:
        """Forget a group, which has it no longer."""
        self.__groups.pop(group, None)

    def kill(self) -> None:
        """Take it out of all groups."""
        self.remove(self.groups())

    def alive(self) -> bool:
        """Tell whether it is in a group."""
        return bool(self.__groups)

    def groups(self) -> list[AbstractGroup]:
        """Return the groups that it is in."""
        return list(self.__groups)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing; a subclass does what a step does to it."""


class AbstractGroup(Named):
    """Sprites, in the order in which they came."""

    def __init__(self, *sprites: Any) -> None:
        self._sprites: dict[Any, None] = {}
        self.add(*sprites)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.sprites())

    def __len__(self) -> int:
        return len(self._sprites)

    def __bool__(self) -> bool:
        return bool(self._sprites)

    def __contains__(self, sprite: object) -> bool:
        return sprite in self._sprites

    def sprites(self) -> list[Any]:
        """Return all of them."""
        return list(self._sprites)

    def add(self, *sprites: Any) -> None:
        """Take sprites, or all of some groups, that are not in it yet."""
        for sprite in _each(sprites):
            if sprite not in self._sprites:
                self._sprites[sprite] = None
                sprite.add_internal(self)

    def remove(self, *sprites: Any) -> None:
        """Let go of sprites, or of all of some groups."""
        for sprite in _each(sprites):
            if sprite in self._sprites:
                del self._sprites[sprite]
                sprite.remove_internal(self)

    def has(self, *sprites: Any) -> bool:
        """Tell whether all of some sprites are in it."""
        return all(sprite in self._sprites for sprite in _each(sprites))

    def empty(self) -> None:
        """Let go of all."""
        self.remove(self.sprites())

    def copy(self) -> AbstractGroup:
        """Return another group of the same sprites."""
        return type(self)(self.sprites())

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Call ``update`` of all."""
        for sprite in self.sprites():
            sprite.update(*args, **kwargs)

    def draw(self, surface: Surface) -> list[Rect]:
        """Draw the image of each at its rectangle; return what was drawn on."""
        return [surface.blit(sprite.image, sprite.rect) for sprite in self.sprites()]

    def clear(self, surface: Surface, background: Surface) -> None:
        """Draw a background where the sprites are."""
        for sprite in self.sprites():
            surface.blit(background, sprite.rect, sprite.rect)


class Group(AbstractGroup):
    """A group."""


RenderPlain = RenderClear = RenderUpdates = OrderedUpdates = Group


class GroupSingle(AbstractGroup):
    """A group of one: another one takes its place."""

    def add(self, *sprites: Any) -> None:
        """Take the last of some sprites."""
        for sprite in _each(sprites):
            if sprite not in self._sprites:
                self.empty()
                super().add(sprite)

    @property
    def sprite(self) -> Any:
        """The one, or None."""
        return next(iter(self._sprites), None)

    @sprite.setter
    def sprite(self, sprite: Any) -> None:
        self.add(sprite)


def collide_rect(left: Any, right: Any) -> bool:
    """Tell whether the rectangles of two sprites have a pixel in common."""
    return Rect(left.rect).colliderect(right.rect)


def collide_circle(left: Any, right: Any) -> bool:
    """Tell whether circles around two sprites meet: of their ``radius``, or around their rect."""
    across = left.rect.centerx - right.rect.centerx
    down = left.rect.centery - right.rect.centery
    reach = _reach(left) + _reach(right)
    return bool(across * across + down * down <= reach * reach)


def spritecollide(
    sprite: Any, group: Iterable[Any], dokill: bool, collided: Collided | None = None
) -> list[Any]:
    """Return the sprites of a group that one collides with.

    Args:
        sprite: the one.
        group: the others.
        dokill: whether those that it collides with are taken out of all groups.
        collided: tells whether two collide; their rectangles do without it.
    """
    test = collided or collide_rect
    found = [other for other in group if test(sprite, other)]
    if dokill:
        for other in found:
            other.kill()
    return found


def spritecollideany(sprite: Any, group: Iterable[Any], collided: Collided | None = None) -> Any:
    """Return the first sprite of a group that one collides with, or None."""
    test = collided or collide_rect
    return next((other for other in group if test(sprite, other)), None)


def groupcollide(
    groupa: Any, groupb: Any, dokilla: bool, dokillb: bool, collided: Collided | None = None
) -> dict[Any, list[Any]]:
    """Return those of one group that collide with some of another, by each of the first."""
    found = {}
    for sprite in list(groupa):
        hits = spritecollide(sprite, groupb, dokillb, collided)
        if hits:
            found[sprite] = hits
            if dokilla:
                sprite.kill()
    return found


def _reach(sprite: Any) -> float:
    """Return the radius of a sprite, or that of the circle around its rectangle."""
    if hasattr(sprite, "radius"):
        return float(sprite.radius)
    return float((sprite.rect.width**2 + sprite.rect.height**2) ** 0.5 / 2)


def _each_group(items: Iterable[Any]) -> Iterator[Any]:
    """Yield the groups that were given, and those in the lists among them."""
    for item in items:
        if isinstance(item, AbstractGroup):
            yield item
        else:
            yield from _each_group(item)


def _each(items: Iterable[Any]) -> Iterator[Any]:
    """Yield what was given, and what is in the lists and groups among it."""
    for item in items:
        if isinstance(item, Iterable):
            yield from _each(item)
        else:
            yield item


if not TYPE_CHECKING:
    __getattr__ = attributes_of(__name__)
