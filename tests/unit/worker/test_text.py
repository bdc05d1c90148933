"""A long text: bytes for a Python page, a str for one in JavaScript."""

import numpy as np
from gymworker.codec import decode, encode
from gymworker.worker.js.plain import plain
from gymworker.worker.text import Text

TEXT = 'é\n\u2028{"a": 1}' * 20


def test_a_python_page_gets_the_bytes_beside_the_text() -> None:
    written, buffers = encode({"record": Text(TEXT)})
    assert len(written) < 100
    got = decode(written, buffers)["record"]
    assert (got.dtype, got.shape) == (np.dtype("uint8"), (len(TEXT.encode()),))
    assert got.tobytes().decode() == TEXT


def test_a_javascript_page_gets_a_str() -> None:
    assert plain({"record": Text(TEXT)}) == {"record": TEXT}


def test_a_lone_surrogate_does_not_stop_it() -> None:
    assert str(Text("a\udfffb")) == "a?b"
