"""The command line of `server.py`, once the dependencies are there."""

import argparse
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from dataclasses import replace
from pathlib import Path

from gymserver.app import create_app
from gymserver.doctor.command import check
from gymserver.errors import StartError
from gymserver.export import export
from gymserver.rewrite import deflate_packages
from gymserver.serving import make_server
from gymserver.site import ROOT, Site

EPILOG = "`python server.py test [pytest arguments]` runs the tests."


def main(arguments: list[str]) -> int:
    """Runs a command and returns the exit status."""
    options = parse(arguments)
    try:
        if options.command == "export":
            return write(options)
        if options.command == "check":
            return check(options.environments, say, data=options.json)
        return serve(options)
    except StartError as error:
        print(f"gymworker: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parse(arguments: list[str]) -> argparse.Namespace:
    """Reads the command line; exits with a usage message if it is wrong."""
    cdn_help = "take PyScript and Pyodide from the public CDN"
    plain_help = "let workers boot without a snapshot of Python and the packages"
    update_help = "take the newest packages that fit, and write web/pyscript.lock anew"
    parser = argparse.ArgumentParser("server.py", description="Serves web/.", epilog=EPILOG)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", default=8000, type=int, help="port to listen on (%(default)s)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.add_argument("--cdn", action="store_true", help=cdn_help)
    parser.add_argument(
        "--reload", action="store_true", help="watch web/ and tell open pages what was saved"
    )
    parser.add_argument("--no-snapshot", action="store_true", help=plain_help)
    parser.add_argument("--update", action="store_true", help=update_help)
    commands = parser.add_subparsers(
        dest="command", metavar="export FOLDER | check [FILE | ID ...] | test"
    )
    exporting = commands.add_parser("export", help="write the site as plain files")
    exporting.add_argument("folder", type=Path)
    # Without a default of their own they would undo those that stand before the command.
    told_of = {"--cdn": cdn_help, "--no-snapshot": plain_help, "--update": update_help}
    for option, told in told_of.items():
        exporting.add_argument(option, action="store_true", default=argparse.SUPPRESS, help=told)
    checking = commands.add_parser("check", help="try environments before anyone plays them")
    checking.add_argument(
        "environments",
        nargs="*",
        metavar="FILE | ID",
        help="a file, or an id of Gymnasium's; without any, all that pyscript.toml names",
    )
    checking.add_argument("--json", action="store_true", help="print data instead of a table")
    return parser.parse_args(arguments)


def say(line: str) -> None:
    """Shows a line of progress."""
    print(f"gymworker: {line}", file=sys.stderr, flush=True)


def serve(options: argparse.Namespace) -> int:
    """Serves `web/` until interrupted."""
    # Bound before anything is installed, so that a taken port is told at once.
    listener = listen(options.host, options.port)
    with listener:
        app = create_app(
            cdn=options.cdn,
            say=say,
            reload=options.reload,
            with_snapshot=not options.no_snapshot,
            update=options.update,
        )
        server = make_server(app, listener)
        address = f"http://{_visible(options.host)}:{listener.getsockname()[1]}/"
        print(f"gymworker: serving {address} (Ctrl+C ends it)", flush=True)
        if options.open:  # on a thread, because a browser in the terminal blocks
            threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
        server.run()
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Returns a socket that is bound to the address.

    Raises:
        StartError: the port is taken or not allowed, or there is no such host.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StartError(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port"
        ) from None


def _visible(host: str) -> str:
    """Returns the host as a browser on this machine writes it."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def write(options: argparse.Namespace) -> int:
    """Exports the site."""
    start = time.monotonic()
    with_snapshot = not options.no_snapshot
    site = Site.prepare(
        ROOT / "web",
        cdn=options.cdn,
        with_snapshot=with_snapshot,
        update=options.update,
        say=say,
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        if site.packages:
            site = replace(site, packages=deflate_packages(site.packages, Path(temporary)))
        count = export(site, create_app(site=site), options.folder)
    say(f"wrote {count} files to {options.folder} in {time.monotonic() - start:.1f} s")
    return 0
