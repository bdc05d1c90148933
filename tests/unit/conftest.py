"""Workers in the tests' own process."""

import pytest

from tests.loopback import Lab, make_lab


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    """Workers in this process."""
    return make_lab(monkeypatch)
