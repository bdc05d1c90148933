"""What the page shows: everything of main.py that touches the document."""

from pyscript import document

STAGES = {
    "download": "Downloading",
    "start": "Starting",
    "packages": "Installing",
    "imports": "Importing",
}


def show(id, text):
    """Put text into the element with that id."""
    document.getElementById(id).textContent = text


def show_state(state, text):
    """Set the state of the page (booting, ready, done, failed), which style.css knows too."""
    document.documentElement.dataset.state = state
    show("status", text)
    if state == "ready":
        bar = document.getElementById("progress")
        bar.value = bar.max


def show_progress(progress):
    """Show a stage of the boot, and how much of it is there."""
    text = STAGES.get(progress.stage, progress.stage) + " " + progress.message
    if "total" in progress:
        bar = document.getElementById("progress")
        bar.max, bar.value = progress.total, progress.loaded
        text += " · " + _amount(progress)
    show("status", text)


def show_observation(obs):
    """Show the numbers of an observation, one in each place."""
    places = document.querySelectorAll("#observation dd")
    for i, number in enumerate(obs):
        places[i].textContent = f"{number:+.6f}"


def show_error(error):
    """Show why it went wrong, with the worker's traceback where there is one."""
    traceback = getattr(error, "remote_traceback", "")
    panel = document.getElementById("error")
    panel.textContent = traceback or str(error)
    panel.hidden = False
    show_state("failed", str(error))


def _amount(progress):
    if progress.stage == "download":
        return f"{progress.loaded / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
    return str(progress.loaded) + " of " + str(progress.total)
