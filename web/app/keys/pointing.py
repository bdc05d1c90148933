"""The mouse or a finger on the picture, where the game asks for it. Runs on the page.

Nothing here touches the document: it takes ``PointerEvent``s of the picture and of the whole page.
"""


class Pointing:
    """The pointer of a game: one finger, or the mouse, which counts while it only moves too.

    Args:
        tell: called with x and y, from 0 to 1 of the picture, whether it is pressed, and the time
            of the event; with x None where it is not on the picture.
        picture: returns where the picture is in the window: left, top, width, height.

    Attributes:
        wanted: whether the game asks for it.
    """

    def __init__(self, tell, picture):
        self.wanted = False
        self._tell = tell
        self._picture = picture
        self._id = None  # of the pointer that is down
        self._there = False

    def down(self, event):
        """Take a ``pointerdown`` on the picture."""
        if self.wanted and self._id is None and event.button == 0:
            x, y = self._place(event)
            if _within(x) and _within(y):
                self._id = event.pointerId
                self._point(x, y, True, event)

    def move(self, event):
        """Take a ``pointermove``, wherever: one that is down may leave the picture at a side."""
        if event.pointerId == self._id:
            if event.pointerType == "mouse" and event.buttons == 0:
                self.up(event)  # it was let go outside the window
            else:
                self._point(*self._place(event), True, event)
        elif self.wanted and self._id is None and event.pointerType != "touch":
            self._hover(event)

    def up(self, event):
        """Take a ``pointerup`` or a ``pointercancel``."""
        if event.pointerId == self._id:
            self._id = None
            if event.pointerType == "touch":
                self._leave(event.timeStamp)
            else:
                self._hover(event)

    def let_go(self):
        """Forget the pointer until it moves or is pressed again."""
        self._id = None
        self._leave(None)

    def _hover(self, event):
        x, y = self._place(event)
        if _within(x) and _within(y):
            self._point(x, y, False, event)
        else:
            self._leave(event.timeStamp)

    def _point(self, x, y, down, event):
        self._there = True
        self._tell(min(max(x, 0), 1), min(max(y, 0), 1), down, event.timeStamp)

    def _leave(self, time):
        if self._there:
            self._there = False
            self._tell(None, 0, False, time)

    def _place(self, event):
        left, top, width, height = self._picture()
        return (event.clientX - left) / (width or 1), (event.clientY - top) / (height or 1)


def _within(part):
    return 0 <= part < 1


def contained(left, top, width, height, wide, high):
    """Return where a picture is in a box that contains it whole, in its middle.

    Args:
        left: of the box.
        top: of the box.
        width: of the box.
        height: of the box.
        wide: of the picture, in any unit.
        high: of the picture, in the same.
    """
    scale = min(width / (wide or 1), height / (high or 1))
    w, h = wide * scale, high * scale
    return left + (width - w) / 2, top + (height - h) / 2, w, h
