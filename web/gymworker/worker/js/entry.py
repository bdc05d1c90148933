"""What PyScript runs in the worker: the user's script, watched.

PyScript tells only the console when a worker's script fails; this tells the page, with the
traceback.
"""

from polyscript import xworker  # noqa: F401  PyScript looks for this name here

from gymworker.worker.js.launch import launch

launch()
