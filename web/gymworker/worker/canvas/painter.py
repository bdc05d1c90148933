"""Painting what ``env.render()`` returns on a canvas, in time with the display. Runs in the worker.

    painter = Painter(screen)
    painter.show(env.render())                             # rendered already
    painter.invalidate(env.render, painted=print)          # rendered when the display wants a frame

A frame is an array, see ``frames``, a str, or the packet of a Surface; of a list of frames the last
one is painted, and None paints nothing.
Only the newest one is painted; those before it are skipped. Whoever asked for a frame that cannot
be painted is told; where nobody wants to know, the log is.
"""

import logging
import time

from ..tracebacks import describe
from .ansi import PAPER, lines
from .frames import as_pixels, newest
from .scene import Scene, fit
from .size import check_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FONT_SIZE, LINE_HEIGHT, MARGIN = 18, 24, 12
"""Of text, in pixels."""

PROBLEMS = 20
"""How many are reported: one whose message has a number in it is another one at each frame."""

log = logging.getLogger(__name__)


class Painter:
    """Paints the newest frame whenever the display wants one.

    Args:
        screen: the canvas; see ``js.screen.Screen``.
        ratio: pixels of the display to one of a drawing or a text; an array has pixels of its own.

    Attributes:
        size: width and height of the last picture, in its own pixels; None before there is one.
    """

    def __init__(self, screen: "Any", ratio: float = 1.0) -> None:
        self.size: tuple[float, float] | None = None
        self._screen = screen
        self._ratio = ratio
        self._render: Callable[[], Any] | None = None
        self._painted: Callable[[float], None] | None = None
        self._failed: Callable[[BaseException], None] | None = None
        self._waiting = False
        self._last: Any = None
        self._rgba: Any = None
        self._problems: set[str] = set()
        self._scene = Scene(screen, self._repaint, ratio)

    def show(self, state: "Any", painted: "Callable[[float], None] | None" = None) -> None:
        """Paint what was rendered, at the next frame of the display.

        Args:
            state: what ``env.render()`` returned. An array is painted as it is then, so the
                environment may go on drawing in it.
            painted: see ``invalidate``.
        """
        if state is not None:
            self.invalidate(lambda: state, painted)

    def invalidate(
        self,
        render: "Callable[[], Any]",
        painted: "Callable[[float], None] | None" = None,
        failed: "Callable[[BaseException], None] | None" = None,
    ) -> None:
        """Paint what ``render()`` returns, which is called when the display wants a frame.

        It is not called at all if something newer comes before that.

        Args:
            render: usually ``env.render``.
            painted: called after the frame was painted, with the time in ms since the epoch; not
                for a frame that was skipped, or failed, or was None.
            failed: called with what ``render()`` raised, or why the frame cannot be painted;
                without it that is reported in the log, each problem once for an environment.
        """
        self._render, self._painted, self._failed = render, painted, failed
        if not self._waiting:
            self._waiting = True
            self._screen.next_frame(self._paint)

    def clear(self) -> None:
        """Let go of what was shown, its images and its layer: another environment comes.

        The picture stays until the next frame.
        """
        self._render = self._painted = self._failed = self._last = self._rgba = None
        self.size = None
        self._problems.clear()
        self._scene.close()
        self._scene = Scene(self._screen, self._repaint, self._ratio)

    def set_ratio(self, ratio: float) -> None:
        """Paint again for a display whose pixels are finer or coarser."""
        if ratio != self._ratio:
            self._ratio = ratio
            self._scene.close()
            self._screen.resize(1, 1)  # which forgets the scale
            self._scene = Scene(self._screen, self._repaint, ratio)
            self._repaint()

    def close(self) -> None:
        """Let go of everything, the canvas too: another one takes its place."""
        self.clear()
        self._screen.close()

    def _repaint(self) -> None:
        """Paint the last frame again, unless another one comes anyway."""
        if self._render is None:
            self.show(self._last)

    def _paint(self) -> None:
        self._waiting = False
        render, painted, failed = self._render, self._painted, self._failed
        self._render = self._painted = self._failed = None
        if render is None:
            return
        try:
            frame = newest(render())
            if frame is None:
                return
            self._last = frame
            self._paint_frame(frame)
            if painted is not None:
                painted(time.time() * 1000)
        except BaseException as error:  # nobody above would hear of it
            (failed or self._report)(error)

    def _report(self, error: BaseException) -> None:
        problem = f"{type(error).__name__}: {error}"
        if problem not in self._problems and len(self._problems) < PROBLEMS:
            self._problems.add(problem)
            log.error("the frame cannot be painted:\n%s", describe(error)["stack"])

    def _paint_frame(self, frame: "Any") -> None:
        if isinstance(frame, dict) and "game_state_objects" in frame:
            self._scene.paint(frame)
            self.size = frame["width"], frame["height"]
        elif isinstance(frame, str):
            self._paint_text(frame)
        else:
            self._paint_pixels(frame)

    def _paint_pixels(self, frame: "Any") -> None:
        shape: Any = getattr(frame, "shape", ())
        plain = len(shape) == 3 and shape[2] in (3, 4) and 0 not in shape
        if not plain or frame.dtype != "uint8":
            frame = as_pixels(frame)
            shape = frame.shape
        check_size(shape[1], shape[0])
        self.size = shape[1], shape[0]
        self._screen.resize(shape[1], shape[0])
        self._screen.put(self._as_rgba(frame))

    def _as_rgba(self, frame: "Any") -> "Any":
        """Return a frame as an array ``(H, W, 4) uint8``, C-contiguous."""
        import numpy as np

        if frame.shape[2] == 4:
            return np.ascontiguousarray(frame)
        shape = (*frame.shape[:2], 4)
        if self._rgba is None or self._rgba.shape != shape:
            self._rgba = np.full(shape, 255, np.uint8)
        for channel in range(3):  # six times as fast as all three at once
            self._rgba[:, :, channel] = frame[:, :, channel]
        return self._rgba

    def _paint_text(self, text: str) -> None:
        screen, context = self._screen, self._screen.context
        font = f"{FONT_SIZE}px ui-monospace, Menlo, Consolas, monospace"
        context.font = font
        cell = context.measureText("M").width
        found = lines(text)
        columns = max((run[-1][0] + len(run[-1][1]) for run in found if run), default=0)
        width, height = round(columns * cell) + 2 * MARGIN, len(found) * LINE_HEIGHT + 2 * MARGIN
        fit(screen, width, height, self._ratio)
        self.size = width, height
        context.fillStyle = PAPER
        context.fillRect(0, 0, width, height)
        context.font = font  # a canvas forgets it with its size
        context.textAlign, context.textBaseline = "left", "middle"
        for number, runs in enumerate(found):
            y = MARGIN + number * LINE_HEIGHT
            for column, piece, color, paper in runs:
                x = MARGIN + column * cell
                if paper is not None:
                    context.fillStyle = paper
                    context.fillRect(x, y, len(piece) * cell, LINE_HEIGHT)
                context.fillStyle = color
                context.fillText(piece, x, y + LINE_HEIGHT / 2)
