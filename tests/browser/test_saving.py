"""The helper that reads what a page saves."""

from playwright.sync_api import Browser

from tests.browser.saving import SavedFile, saved_by, watch_saving
from tests.browser.servers import Served

SAVE = """
(text) => setTimeout(() => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "a.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}, 50)
"""


def test_what_a_page_saves_is_read_in_every_browser(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    watch_saving(context)
    page = context.new_page()
    page.goto(served.url + "pyscript.toml")
    for text in ("a,b\n", "ä\0"):
        saved = saved_by(page, lambda text=text: page.evaluate(SAVE, text))  # type: ignore[misc]
        assert saved == SavedFile("a.csv", "text/csv", text.encode())
    context.close()
