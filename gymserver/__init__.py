"""The server: serves `web/`, the Python runtimes and the packages for the browser's Python."""
