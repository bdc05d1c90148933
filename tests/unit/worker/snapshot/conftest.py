"""What the environments leave in `sys.modules` and in the shared generators is put back."""

import random
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from gymworker.worker import code


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts back the module, those beside it, and the generators."""
    states = random.getstate(), np.random.get_state()
    monkeypatch.setitem(sys.modules, code.MODULE, sys)
    del sys.modules[code.MODULE]
    yield
    for beside in code._helpers.values():
        beside.remove()
    code._helpers.clear()
    random.setstate(states[0])
    np.random.set_state(states[1])
