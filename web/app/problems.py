"""What went wrong, in words for a person. Runs on the page; nothing here touches the document."""

HANG = "The environment hangs: it does not answer"


def explain(error, name="", hangs=False):
    """Return what happened, why, and what one can do: a sentence each.

    Args:
        error: an exception.
        name: of the environment, "" before there is one.
        hangs: whether the worker gives no answer.
    """
    why = (str(error) or repr(error)).split("\n")[0]
    who = name or "The environment"
    kind = type(error).__name__
    if hangs:
        return (
            who + " does not answer any more.",
            HANG,
            "Its code may never end. A fresh Python ends it; what you played is kept.",
        )
    if getattr(error, "remote_traceback", ""):
        return (
            who + " has stopped: there is an error in its code.",
            why,
            "Trying again may help if it happened by chance. What you played is kept.",
        )
    if kind == "WorkerCrashedError":
        return (
            "Python, in which " + who + " ran, has ended.",
            why,
            "It may have run out of memory. A fresh Python begins anew; what you played is kept.",
        )
    if kind == "WorkerStartError":
        return (
            "Python did not start.",
            why,
            "Try again; if it stays so, tell whoever runs this site what stands here.",
        )
    return (who + " could not be loaded.", why, "Try again, or choose another environment.")
