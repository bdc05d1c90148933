"""What the doctor tries, with the worker's own code. Runs in CPython and in Pyodide."""
