"""What the browser tells the page's controls, made by hand; and who is told what they hold."""

from types import SimpleNamespace
from typing import Any

from app.keys.bindings import Bindings
from app.keys.hands import hands
from app.keys.holds import Holds
from app.keys.keyboard import Keyboard


def control(
    keys: str | list[str],
    action: Any,
    label: str | None = None,
    agent: Any = None,
    analog: bool = False,
) -> Any:
    """A control of a game, as the worker tells of it."""
    keys = [keys] if isinstance(keys, str) else keys
    return SimpleNamespace(keys=keys, action=action, agent=agent, label=label, analog=analog)


def one_hand(*controls: Any) -> Any:
    """The hand of the one player that these controls are for."""
    (hand,) = hands(controls)
    return hand


class Told(list[str]):
    """What the game is told: `+a` when a key goes down, `-a` when it comes up.

    Attributes:
        times: of these, as the events had them.
        amounts: how far the keys are pressed, of 1.
        held: what is held now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float | None] = []
        self.amounts: list[float] = []
        self.holds = Holds(self._change)

    @property
    def held(self) -> set[str]:
        return {key for key in {one[1:] for one in self} if key in self.holds}

    def _change(self, key: str, amount: float, time: float | None) -> None:
        self.append(("+" if amount else "-") + key)
        self.amounts.append(amount)
        self.times.append(time)


def key_event(key: str, code: str | None = None, flags: str = "", repeat: bool = False) -> Any:
    """A `KeyboardEvent`; without a code it is the one of an English keyboard."""
    if code is None:
        code = "Key" + key.upper() if len(key) == 1 and key.isalpha() else key
    return SimpleNamespace(
        key=key,
        code=code,
        repeat=repeat,
        timeStamp=1.0,
        ctrlKey="ctrl" in flags,
        altKey="alt" in flags,
        metaKey="meta" in flags,
        shiftKey="shift" in flags,
    )


class Typist:
    """Somebody at the keyboard of a game with these keys."""

    def __init__(self, *keys: str) -> None:
        self.told = Told()
        self.bindings = Bindings()
        self.bindings.use(keys)
        self.keyboard = Keyboard(self.bindings, self.told.holds)

    def down(self, *args: Any, **options: Any) -> bool:
        """Press a key; return whether the browser was kept from it."""
        return bool(self.keyboard.down(key_event(*args, **options)))

    def up(self, *args: Any, **options: Any) -> bool:
        return bool(self.keyboard.up(key_event(*args, **options)))
