"""A canvas in the worker, in each browser: what is painted, read back as pixels by the page."""

import textwrap
from typing import Any

import pytest

from tests.browser.protocol.lab import DEADLINE, Lab, LabError
from tests.browser.protocol.pictures import (
    BLUE,
    FRAMES,
    GREEN,
    PAINTER,
    RED,
    WHITE,
    check,
    png,
    show,
)
from tests.browser.servers import Served

CONSOLE = ["404", "willReadFrequently"]
"""One test asks for an image that is not there; and they read pixels back more than once."""


@pytest.fixture(scope="module")
def canvas(lab: Lab) -> Lab:
    """The lab with a worker that has the page's canvas."""
    lab.run(
        """
        global worker, canvas, lines
        lines = []
        numpy_only = settings()
        numpy_only["packages"] = ["numpy"]
        worker = make(settings=numpy_only, on_log=lambda line: lines.append(line.text))
        canvas = js.document.createElement("canvas")
        js.document.body.append(canvas)
        await worker.init_env(ENV)
        await worker.attach_canvas(canvas)
        """.replace("ENV", repr(PAINTER))
    )
    return lab


def test_an_rgb_frame_is_on_the_canvas(canvas: Lab) -> None:
    show(canvas, "rgb")
    black = (0, 0, 0)
    check(canvas.page, (60, 40), {(5, 5): RED, (50, 35): BLUE, (50, 5): black, (5, 35): black})


def test_an_rgba_frame_gives_the_canvas_its_size(canvas: Lab) -> None:
    show(canvas, "rgba")
    check(canvas.page, (20, 10), {(1, 1): GREEN, (19, 9): GREEN})


@pytest.mark.parametrize("kind", ["grey", "float", "int64", "list", "bool"])
def test_a_frame_of_another_kind_is_on_the_canvas_and_on_the_page(canvas: Lab, kind: str) -> None:
    show(canvas, "rgba")
    check(canvas.page, (20, 10), {(1, 1): GREEN})
    got = canvas.run(f"""
        result = await worker.step({kind!r}, render="send")
        frame = result.render_state
        frame = frame[-1] if isinstance(frame, list) else frame
        return [frame.dtype, list(frame.shape)[:2]]
    """)
    assert got[1] == [30, 20]
    assert str(got[0]).startswith({"grey": "uint8", "list": "float64"}.get(kind, kind))
    upper = (0, 0, 0) if kind == "bool" else (51, 51, 51)
    check(canvas.page, (20, 30), {(3, 14): upper, (3, 15): WHITE})


def test_text_is_on_the_canvas_with_its_colours(canvas: Lab) -> None:
    show(canvas, "text")
    canvas.page.wait_for_function("document.querySelector('canvas').height === 72")
    width = canvas.page.evaluate("document.querySelector('canvas').width")
    assert 24 + 10 * 8 < width < 24 + 10 * 14
    paper, mark = (22, 27, 34), (229, 83, 75)
    check(canvas.page, (width, 72), {(2, 2): paper, (width // 2, 13): mark, (width // 2, 60): paper}
          | {(width - 4, 13): paper})  # fmt: skip
    ink = canvas.page.evaluate("""() => {
      const canvas = document.querySelector("canvas"), copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d");
      context.drawImage(canvas, 0, 0);
      const data = context.getImageData(0, 36, canvas.width, 24).data;
      let bright = 0;
      for (let i = 0; i < data.length; i += 4) bright += data[i] > 180;
      return bright;
    }""")
    assert ink > 50, "letters are bright on dark"


def test_drawing_objects_lie_where_they_were_drawn(canvas: Lab) -> None:
    show(canvas, "objects")
    expected = {
        (5, 5): BLUE, (15, 15): RED,  # depth, over a permanent object
        (50, 10): GREEN,
        (80, 10): (128, 128, 128),  # alpha
        (30, 28): (255, 0, 255), (30, 42): (255, 0, 255), (22, 35): WHITE, (38, 35): WHITE,
        (70, 40): (0, 255, 255), (73, 40): (0, 255, 255), (62, 40): WHITE,  # relative
        (90, 35): (255, 255, 0), (82, 48): WHITE,
        (5, 45): WHITE,
    }  # fmt: skip
    check(canvas.page, (100, 50), expected)
    for late in ({(5, 45): RED}, {(5, 45): RED, (15, 15): WHITE}):
        show(canvas, "objects")
        expected |= late
        check(canvas.page, (100, 50), expected)


def test_two_surfaces_with_the_same_ids_do_not_meet(canvas: Lab) -> None:
    left, right = (5, 5), (55, 5)
    for _ in range(2):
        show(canvas, "one")
        check(canvas.page, (60, 40), {left: RED, right: WHITE})
        show(canvas, "other")
        check(canvas.page, (60, 40), {left: WHITE, right: BLUE})


def test_whoever_renders_takes_nothing_from_the_picture(canvas: Lab) -> None:
    show(canvas, "one")
    packets = canvas.run("""
        found = []
        for _ in range(3):
            packet = (await worker.render()).render_state
            found.append([item["id"] for item in packet["game_state_objects"]])
        return found
    """)
    assert packets == [["half"]] * 3
    check(canvas.page, (60, 40), {(5, 5): RED, (55, 5): WHITE})


def test_images_come_from_where_the_page_is(canvas: Lab) -> None:
    canvas.page.route("**/sprites.png", lambda route: route.fulfill(body=png(RED, GREEN)))
    show(canvas, "image")
    check(canvas.page, (60, 40), {(5, 5): GREEN, (55, 35): GREEN})


def test_an_image_that_is_not_there_has_a_placeholder_and_one_warning(canvas: Lab) -> None:
    show(canvas, "missing")
    show(canvas, "missing")
    check(canvas.page, (60, 40), {(30, 20): (204, 204, 204)})
    lines = canvas.run("return [line for line in lines if 'nowhere.png' in line]")
    assert lines == ["the image 'nowhere.png' cannot be loaded: the server answered 404"]


def test_many_frames_in_one_task_are_painted_once(canvas: Lab) -> None:
    canvas.run("""
        await worker.request("watch")
        await worker.batch([{"op": "step", "params": {"actions": level}} for level in range(200)])
    """)
    check(canvas.page, (6, 4), {(3, 2): (199, 199, 199)})
    assert canvas.run("return await worker.request('watched')") in (1, 2)


def test_a_render_that_raises_leaves_the_worker_and_the_canvas_in_use(canvas: Lab) -> None:
    with pytest.raises(LabError, match="no brush"):
        show(canvas, "broken")
    show(canvas, "rgb")
    check(canvas.page, (60, 40), {(5, 5): RED})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("await worker.attach_canvas(canvas)", "it was handed over already"),
        ("await worker.attach_canvas(js.document.body)", "expected a <canvas> element"),
        (
            """
            other = js.document.createElement("canvas")
            other.getContext("2d")
            await worker.attach_canvas(other)
            """,
            "the page draws on it",
        ),
    ],
)
def test_a_canvas_that_cannot_be_handed_over_is_refused(canvas: Lab, code: str, words: str) -> None:
    with pytest.raises(LabError, match=words):
        canvas.run(textwrap.dedent(code))


def test_another_canvas_takes_the_place_of_the_first(canvas: Lab) -> None:
    show(canvas, "rgb")
    before = canvas.run("return await worker.request('proxies')")
    canvas.run("""
        global canvas
        for _ in range(5):
            canvas.remove()
            canvas = js.document.body.appendChild(js.document.createElement("canvas"))
            await worker.attach_canvas(canvas)
            await worker.step("objects")
    """)
    show(canvas, "rgb")
    check(canvas.page, (60, 40), {(5, 5): RED, (50, 35): BLUE})
    assert canvas.run("return await worker.request('proxies')") - before < 5


def test_a_restart_puts_a_canvas_of_the_same_look_in_its_place(canvas: Lab) -> None:
    same, found = canvas.run("""
        canvas.id = "stage"
        canvas.tabIndex = 0
        canvas.focus()
        await worker.restart()
        await worker.reset(options={"draw": "rgb"})
        found = js.document.querySelector("canvas")
        focused = js.document.activeElement
        return [worker.canvas.id == "stage" and focused.id == "stage", found.id]
    """)
    assert (same, found) == (True, "stage")
    check(canvas.page, (60, 40), {(5, 5): RED, (50, 35): BLUE})


def test_a_page_in_javascript_hands_a_canvas_over(lab_context: Any, lab_server: Served) -> None:
    page = lab_context.new_page()
    page.goto(lab_server.url + "script.html")
    page.wait_for_function("window.worker !== undefined", timeout=DEADLINE)
    page.evaluate(
        """async (envCode) => {
          const element = document.body.appendChild(document.createElement("canvas"));
          const canvas = element.transferControlToOffscreen();
          await request("initEnv", { envCode });
          const payload = { canvas, baseURL: document.baseURI };
          window.answer = await request("attachCanvas", payload, [canvas]);
          await request("step", { actions: "rgb" });
        }""",
        PAINTER,
    )
    assert page.evaluate("window.answer.result") == {"ok": True}
    check(page, (60, 40), {(5, 5): RED, (50, 35): BLUE})
    page.close()


def test_painting_leaves_nothing_behind(lab: Lab) -> None:
    """Neither proxies nor stack nor memory, over 3,000 frames and 30 environments."""
    before, after = lab.run(
        """
        numpy_only = settings()
        numpy_only["packages"] = ["numpy"]
        worker = make(settings=numpy_only)
        await worker.init_env(ENV)
        found = []
        for frames in (300, 3000):
            found.append((await worker.step(frames, timeout=60)).obs)
        worker.destroy()
        return found
        """.replace("ENV", repr(FRAMES))
    )
    assert after == before
