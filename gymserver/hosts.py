"""What a static host should know of an exported site: headers, and how to set them."""

from collections.abc import Sequence

from gymserver import bundle, interpreter
from gymserver.site import Site

_LONG = "public, max-age=31536000, immutable"

_NOTE = """\
Written by `python server.py export`.

Netlify and Cloudflare Pages read the headers from the file _headers. Elsewhere the pages carry
their policy in themselves, and the site works without more; with these it loads faster.

GitHub Pages: add an empty file .nojekyll beside this one. It stays, as CNAME and .git do.

nginx:

    types { text/javascript mjs; application/wasm wasm; }  # beside `include mime.types;`
    gzip on;  # memory and files of the snapshot, too, are of the type of wasm: 35 MB as they are
    gzip_types text/javascript application/javascript application/wasm application/json;
    add_header Content-Security-Policy "%s";
    location ~ "/(%s)/(?!.*-lock[.]json)" { add_header Cache-Control "%s"; }
"""


def header_rules(site: Site, headers: Sequence[tuple[str, str]]) -> str:
    """Returns the `_headers` file that Netlify and Cloudflare Pages read.

    Args:
        site: the site.
        headers: of every answer.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in headers)]
    # Their rules add up, so that the lock file, which changes with the packages, must match none.
    addresses = [f"{folder}/*" for folder in _folders(site) if folder != "runtime"]
    if site.runtime:
        ours = site.addresses
        addresses += [f"{ours.pyscript}*", f"{ours.micropython}*"]
        addresses += [file["url"] for file in site.files if file["url"].startswith(ours.pyodide)]
    for address in addresses:
        if address != site.lock_address:
            lines += [f"/{address}", f"  Cache-Control: {_LONG}"]
    return "\n".join(lines) + "\n"


def note(site: Site, policy: str) -> str:
    """Returns what somebody who sets up a host reads."""
    return _NOTE % (policy, "|".join(_folders(site)), _LONG)


def _folders(site: Site) -> list[str]:
    return [bundle.FOLDER, interpreter.FOLDER, *site.folders]
