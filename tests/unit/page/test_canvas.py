"""A canvas from the page to the worker, and to the next worker after a restart."""

import numpy as np
import pytest
from gymworker import RemoteError
from gymworker.errors import WorkerClosedError, WorkerCrashedError

from tests.loopback import Lab, on_virtual_time
from tests.screens import RecordingScreen
from tests.unit.environments import COUNTER

FRAMES = (
    COUNTER
    + """
import numpy as np
Counter.render = lambda self: np.full((2, 3, 3), self.steps, np.uint8)
"""
)


@on_virtual_time
async def test_what_is_rendered_is_painted_and_sent_where_it_is_asked_for(lab: Lab) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    await worker.init_env(FRAMES)
    await worker.attach_canvas(screen)
    assert (worker.canvas, screen.base) == (screen, "http://site/")
    await worker.reset()
    assert (await worker.step(0)).render_state is None, "a frame that is painted stays there"
    result = await worker.step(0, render="send")
    assert np.array_equal(result.render_state, np.full((2, 3, 3), 2, np.uint8))
    await worker.step(0, render=False)
    assert screen.refresh() == 1
    assert [shown[0, 0, 0] for shown in screen.shown] == [2]
    await worker.render()
    screen.refresh()
    assert [shown[0, 0, 0] for shown in screen.shown] == [2, 3]


@on_virtual_time
async def test_the_page_says_how_dense_its_display_is(lab: Lab) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    with pytest.raises(RemoteError, match="expected a payload with 'canvas'"):
        await worker.set_pixel_ratio(2)
    code = "\nfrom gymworker import Surface\nCounter.render = lambda self: Surface(9, 8).commit()"
    await worker.init_env(COUNTER + code)
    await worker.attach_canvas(screen)
    await worker.reset()
    screen.refresh()
    assert screen.size == (9, 8)
    await worker.set_pixel_ratio(2)
    screen.refresh()
    assert screen.size == (18, 16)
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(RemoteError, match="expected pixelRatio to be above 0, below 16"):
            await worker.set_pixel_ratio(wrong)


@pytest.mark.parametrize("end", ["destroyed", "crashed"])
@on_virtual_time
async def test_a_worker_that_is_gone_does_not_take_the_canvas(lab: Lab, end: str) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    await worker.init()
    worker.destroy() if end == "destroyed" else lab.wire.crash()
    with pytest.raises(WorkerClosedError if end == "destroyed" else WorkerCrashedError):
        await worker.attach_canvas(screen)
    assert worker.canvas is None
    assert lab.taken == []
    if end == "crashed":
        await worker.restart()
        await worker.attach_canvas(screen)
        assert lab.taken == [screen]


@on_virtual_time
async def test_another_environment_does_not_inherit_the_objects_of_the_last(lab: Lab) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    await worker.attach_canvas(screen)
    draw = "\nfrom gymworker import Surface\nsurface = Surface(9, 9)\n"
    draw += "Counter.render = lambda self: surface.text({0!r}, 0, 0, id={0!r}, permanent=True)"
    draw += ".commit()\n"
    for name in ("first", "second"):
        await worker.init_env(COUNTER + draw.format(name))
        await worker.reset()
        screen.refresh()
        texts = screen.layers[-1].context.named("fillText")
        assert [call[1] for call in texts] == [name]


@on_virtual_time
async def test_whoever_renders_takes_nothing_from_the_picture(lab: Lab) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    draw = "\nfrom gymworker import Surface\nsurface = Surface(9, 9)\n"
    draw += "Counter.render = lambda self: surface.text('wall', 0, 0, id=1, permanent=True)"
    draw += ".text(str(self.steps), 0, 0).commit()\n"
    await worker.init_env(COUNTER + draw)
    await worker.reset()
    before = [(await worker.render()).render_state for _ in range(2)]
    await worker.attach_canvas(screen)
    await worker.step(0)
    after = [(await worker.render()).render_state for _ in range(2)]
    for packets, name in ((before, "0"), (after, "1")):
        texts = [[item["text"] for item in packet["game_state_objects"]] for packet in packets]
        assert texts == [["wall", name]] * 2
    screen.refresh()
    layer = [call[1] for call in screen.layers[0].context.named("fillText")]
    assert (layer, [call[1] for call in screen.context.named("fillText")]) == (["wall"], ["1"])


@on_virtual_time
async def test_another_canvas_takes_the_place_of_the_first(lab: Lab) -> None:
    worker, first, second = lab.worker(), RecordingScreen(), RecordingScreen()
    await worker.init_env(FRAMES)
    await worker.attach_canvas(first)
    await worker.reset()
    await worker.attach_canvas(second)
    await worker.step(0)
    assert (first.closed, first.refresh(), second.refresh()) == (True, 0, 1)
    with pytest.raises(RemoteError, match="expected 'canvas' to be an OffscreenCanvas"):
        await worker.request("attachCanvas", {"canvas": 5})
    await worker.step(0)
    assert (second.closed, second.refresh()) == (False, 1)


@on_virtual_time
async def test_after_a_restart_the_new_worker_has_a_new_canvas(lab: Lab) -> None:
    worker, screen = lab.worker(), RecordingScreen()
    await worker.init_env(FRAMES)
    await worker.attach_canvas(screen)
    await worker.restart()
    assert worker.canvas is not screen
    await worker.reset()
    worker.canvas.refresh()
    assert (len(screen.shown), len(worker.canvas.shown)) == (0, 1)
    assert lab.wire.types()[:3] == ["init", "attachCanvas", "initEnv"]


@on_virtual_time
async def test_without_a_canvas_a_restart_hands_none_over(lab: Lab) -> None:
    worker = lab.worker()
    await worker.init()
    await worker.restart()
    assert worker.canvas is None
    assert lab.wire.types() == ["init"]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "expected a payload with 'canvas'"),
        ({"canvas": 5}, "expected 'canvas' to be an OffscreenCanvas, got 5"),
        ({"canvas": 5, "baseURL": 6}, "expected 'baseURL' to be str, got int 6"),
    ],
)
@on_virtual_time
async def test_what_is_no_canvas_is_refused(lab: Lab, payload: object, words: str) -> None:
    with pytest.raises(RemoteError, match=words):
        await lab.worker().request("attachCanvas", payload)
