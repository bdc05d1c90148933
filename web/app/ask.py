"""Questions to the visitor, on the page. Runs on the page."""

import asyncio

from .dom import element, listen, show


class Ask:
    """The page's dialog: a sentence and two buttons."""

    def __init__(self):
        self._dialog = element("ask")
        self._answered = asyncio.Event()
        listen(self._dialog, "close", lambda event: self._answered.set())

    async def __call__(self, question, yes, no):
        """Ask; Escape, and whatever else closes it, is a no. One question at a time.

        Args:
            question: one sentence.
            yes: what stands on the button that agrees.
            no: what stands on the other one.
        """
        dialog = self._dialog
        if dialog.open:
            return False
        show("ask-question", question)
        show("ask-yes", yes)
        show("ask-no", no)
        dialog.returnValue = ""
        self._answered.clear()
        dialog.showModal()
        await self._answered.wait()
        return str(dialog.returnValue) == "yes"
