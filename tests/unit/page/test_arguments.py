"""What callers give, checked."""

from typing import Any

import numpy as np
import pytest
from gymworker.errors import MisuseError
from gymworker.page.arguments import whole


@pytest.mark.parametrize("value", [0, -3, 1 << 70, np.int64(7), np.uint8(7), np.array(7)])
def test_whole_numbers_become_ints(value: Any) -> None:
    found = whole(value, "seed")
    assert type(found) is int
    assert found == value


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, [1], np.float32(1), np.bool_(True)])
def test_what_is_no_whole_number_is_refused_by_name(value: Any) -> None:
    with pytest.raises(MisuseError, match="expected seed to be a whole number, got "):
        whole(value, "seed")
