"""The Flask application: `web/` revalidated on every visit, the rest immutable."""

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from flask import Flask, Response, abort, make_response, render_template, request, send_file
from whitenoise.media_types import MediaTypes

from gymserver import bundle, interpreter
from gymserver.changes import ADDRESS, Changes
from gymserver.current import Current
from gymserver.encoded import Encoded
from gymserver.errors import StartError
from gymserver.public import is_page, public_file
from gymserver.runtime import CDN
from gymserver.settings import FILE, Settings
from gymserver.site import ROOT, Site
from gymserver.whole import whole_files

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("gymserver")

IMMUTABLE = "max-age=315360000, public, immutable"
"""Ten years, as WhiteNoise says it."""

# Ours and not the system's: a Windows registry can name other types.
MEDIA_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".map": "application/json",
    ".py": "text/x-python",
    ".toml": "text/plain",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
}

HEADERS = (
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
"""What every answer carries beside the policy."""

# PyScript starts its worker from a Blob and calls `Function()` while it loads; 'unsafe-eval' also
# lets WebAssembly compile. Nothing from elsewhere gets in. Without a frame-ancestors rule the page
# can be embedded anywhere.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob: 'unsafe-eval'",
    "worker-src": "'self' blob:",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
}
# With the CDN, micropip also talks to whichever package index it is told.
CDN_POLICY = {
    **POLICY,
    "script-src": f"{POLICY['script-src']} {CDN}",
    "style-src": f"'self' {CDN}",
    "connect-src": "'self' https:",
}


def create_app(
    web: Path | str = ROOT / "web",
    *,
    cdn: bool = False,
    cache: Path | str | None = None,
    root: Path | str = ROOT,
    say: Callable[[str], None] = log.info,
    site: Site | None = None,
    reload: bool = False,
    with_snapshot: bool = True,
    update: bool = False,
) -> Flask:
    """Returns the application, installing the runtime and the packages first if need be.

    Args:
        web: the folder to serve.
        cdn: point the page at the public CDN instead.
        cache: where the runtime and the wheels are kept, default `.cache` in `root`.
        root: the folder with `package.json` and its lock file.
        say: is told what is installed, a line at a time.
        site: a prepared site; the arguments before are not looked at then.
        reload: watch the folder and tell open pages what was saved. The watcher, a
            `gymserver.changes.Changes`, is `app.extensions["changes"]`, and whoever runs the
            application has to `close()` it.
        with_snapshot: let workers boot from a snapshot.
        update: take the newest packages, and write the lock file of the folder anew.

    Raises:
        StartError: the site cannot be served; the message is one line.
    """
    site = site or Site.prepare(
        Path(web),
        cdn=cdn,
        cache=Path(cache) if cache else None,
        root=Path(root),
        with_snapshot=with_snapshot,
        update=update,
        say=say,
    )
    app = Flask("gymserver", static_folder=None)
    app.jinja_loader = jinja2.FileSystemLoader(site.web)
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    app.jinja_env.autoescape = True  # in PAGE.HTML too
    for mistake in (StartError, jinja2.TemplateError, OSError, UnicodeError):
        app.register_error_handler(mistake, lambda error: _complain(error, site.web))
    media_types = MediaTypes(extra_types=MEDIA_TYPES)
    current = Current(site.settings)
    changes = _serve_changes(app, site.web) if reload else None

    @app.get("/", defaults={"name": ""})
    @app.get("/<path:name>")
    def serve_web(name: str) -> Response:
        file = public_file(site.web, name)
        if file is None:
            abort(404)
        if is_page(file):
            name = file.relative_to(site.web).as_posix()
            return _page(site, name, current.settings(), changes)
        return _revalidated(file, media_types.get_type(str(file)))

    @app.get(f"/{bundle.FOLDER}/<any(page, worker, later):side>-<digest>.tar.gz")
    def serve_bundle(side: str, digest: str) -> Response:
        found = current.settings().bundle(side)
        response = Response(found.content, mimetype="application/gzip")
        same = request.path == f"/{found.address}"  # no file was saved since the page came
        response.headers["Cache-Control"] = IMMUTABLE if same else "no-store"
        return response

    @app.get(f"/{interpreter.FOLDER}/pyodide-<digest>.mjs")
    def serve_interpreter(digest: str) -> Response:
        made = current.settings().interpreters(site.addresses, site.prepared).values()
        found = next((each for each in made if request.path == f"/{each.address}"), None)
        if found is None:
            abort(404)
        response = Response(found.content, mimetype="text/javascript")
        response.headers["Cache-Control"] = IMMUTABLE
        return response

    if site.packages:
        lock = site.packages / "pyodide-lock.json"

        @app.get(f"/{site.lock_address}")
        def serve_lock() -> Response:
            return _revalidated(lock, "application/json")

    application = _with_headers(whole_files(_immutable(app.wsgi_app, site)), policy(site.cdn))
    app.wsgi_app = application  # type: ignore[method-assign, assignment]
    return app


def policy(cdn: bool) -> str:
    """Returns the value of the Content-Security-Policy header."""
    policy = CDN_POLICY if cdn else POLICY
    return "; ".join(f"{key} {value}" for key, value in policy.items())


def _page(site: Site, name: str, settings: Settings, changes: Changes | None) -> Response:
    if settings.packages != list(site.installed) and not site.cdn:
        log.warning("[worker] packages in %s has changed; restart the server", site.web / FILE)
    address = f"{ADDRESS}?after={changes.last}" if changes else None
    page = site.page(name, settings, address)
    response = make_response(render_template(name, site=page))
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _serve_changes(app: Flask, web: Path) -> Changes:
    """Lets pages hear of changes, for as long as they are open."""
    changes = app.extensions["changes"] = Changes(web)
    changes.start()

    @app.get(f"/{ADDRESS}")
    def serve_changes() -> Response:
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        response = Response(changes.events(after), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        return response

    return changes


def _revalidated(file: Path, media_type: str) -> Response:
    response = send_file(file, mimetype=media_type, conditional=True, etag=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _complain(error: Exception, web: Path) -> Response:
    """A mistake in the user's files is told to the user, who looks at the page.

    The log has whole paths; a visitor need not know where the files lie.
    """
    place = (
        f"{error.filename}, line {error.lineno}: "
        if isinstance(error, jinja2.TemplateSyntaxError)
        else ""
    )
    log.error("%s%s", place, error)
    text = f"{place}{error}"
    if isinstance(error, OSError) and error.filename is not None:
        text = f"{error.strerror}: {Path(os.fsdecode(error.filename)).name}"
    text = text.replace(f"{web}{os.sep}", "").replace(str(web), "the served folder")
    return Response(f"{text}\n", 500, mimetype="text/plain")


def _immutable(application: "WSGIApplication", site: Site) -> "WSGIApplication":
    """Puts the versioned folders, which are only read once, in front of the application."""
    server = Encoded(
        application,
        immutable_file_test=lambda path, url: True,
        mimetypes=MEDIA_TYPES,
        allow_all_origins=False,
    )
    for name, folder in site.folders.items():
        server.add_files(folder / name, name)
    return server


def _with_headers(application: "WSGIApplication", security: str) -> "WSGIApplication":
    """Adds the headers that every response carries, whoever made it."""
    extra = [("Content-Security-Policy", security), *HEADERS]

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *extra], *rest)

        return application(environ, start)

    return wrapped
