"""No page and no browser, whatever other tests have joined the stand-in to."""

import pytest
from gymworker.worker import standin


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the display, and nobody writes text."""
    monkeypatch.setattr(standin, "show", None)
    monkeypatch.setattr(standin, "writer", None)
