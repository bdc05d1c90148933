"""The web server of gymworker: `python server.py`, then open the address that it prints.

    python server.py [--host 127.0.0.1] [--port 8000] [--open] [--cdn] [--reload] [--update]
    python server.py export FOLDER [--cdn] [--update]
    python server.py check [FILE | ID ...] [--json]
    python server.py test [pytest arguments]

Each command does its own set-up on a bare Python 3.11 or newer. Another WSGI server takes the
application from the factory: `waitress-serve --call server:create_app`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is told so, before it trips
    sys.exit(f"gymworker needs Python 3.11 or newer; this is {sys.version.split()[0]}")

if __name__ == "__main__":
    from gymserver.bootstrap import main

    sys.exit(main(sys.argv[1:]))

from gymserver.app import create_app

__all__ = ["create_app"]
