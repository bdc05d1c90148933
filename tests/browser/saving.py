"""What a page saves as a file, in every browser: Firefox's downloads of Blobs are not told of.

watch_saving(context)
...
file = saved_by(page, lambda: page.locator("#save").click())
assert file.name == "game.jsonl"
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

# A page saves by a click on a link to a Blob's address, which it may forget right afterwards.
_HOOK = """
window.savedFiles = [];
const blobs = new Map();
const { createObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  blobs.set(address, blob);
  return address;
};
const { click } = HTMLElement.prototype;
HTMLAnchorElement.prototype.click = function () {
  const blob = blobs.get(this.href);
  if (this.hasAttribute("download") && blob) {
    window.savedFiles.push({ name: this.download, kind: blob.type, blob });
  }
  click.call(this);
};
"""

_READ = """
async (index) => {
  const { name, kind, blob } = window.savedFiles[index];
  const reader = new FileReader();
  const read = new Promise((resolve) => { reader.onload = () => resolve(reader.result); });
  reader.readAsDataURL(blob);
  return [name, kind, (await read).split(",")[1]];
}
"""


@dataclass(frozen=True)
class SavedFile:
    """A file that a page saved: its suggested name, its media type, its content."""

    name: str
    kind: str
    content: bytes


def watch_saving(context: BrowserContext) -> None:
    """Follows what the pages of a context save from their next load on."""
    context.add_init_script(_HOOK)


def saved_by(page: Page, act: Callable[[], object], deadline: int = 20_000) -> SavedFile:
    """Does something, waits until the page saves a file, and returns that.

    Args:
        page: of a context that is watched.
        act: what makes the page save.
        deadline: in milliseconds.
    """
    before = page.evaluate("window.savedFiles.length")
    act()
    page.wait_for_function(
        "before => window.savedFiles.length > before", arg=before, timeout=deadline
    )
    name, kind, content = page.evaluate(_READ, before)
    return SavedFile(name, kind, base64.b64decode(content))
