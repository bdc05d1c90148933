"""pip, told that it runs in the browser: `python browser_pip.py MARKERS pip-arguments`.

`pip download --platform` chooses wheels for another machine, but still judges the markers of
requirements (`; sys_platform == "win32"`) by its own. MARKERS is a JSON object with the browser's
values. Should a later pip keep its markers elsewhere, the closure check in `packages.py` notices.
"""

import json
import sys
from typing import Any

from pip._internal.cli.main import main
from pip._vendor.packaging import markers

if __name__ == "__main__":
    browser: Any = json.loads(sys.argv[1])
    markers.default_environment = lambda: browser.copy()
    sys.exit(main(sys.argv[2:]))
