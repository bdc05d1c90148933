"""What went wrong, in words for a person. Runs on the page; nothing here touches the document."""

HANG = "The environment hangs: it does not answer"


def explain(error, name="", hangs=False, by_id=False):
    """Return what happened, why, and what one can do: a sentence each.

    Args:
        error: an exception.
        name: of the environment, "" before there is one.
        hangs: whether the worker gives no answer.
        by_id: whether it was to be made by an id that anybody may type.
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
    if by_id and getattr(error, "remote_traceback", ""):
        return (
            who + " cannot be made here.",
            why,
            "Look at the id and its arguments; the list has what Gymnasium can make here.",
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


def way_on(step, again):
    """Return what becomes of a game whose worker is gone.

    Args:
        step: where it can be restored.
        again: whether it was already, and got no further.
    """
    if again:
        text = "The game was restored at step " + str(step) + ", and then it happened again: "
        return text + "it may do so each time."
    return "The game can go on from about step " + str(step) + "."


def restored(step, lost):
    """Return where a game goes on, as a sentence.

    Args:
        step: where it stands.
        lost: how many steps it had more.
    """
    text = "The game goes on at step " + str(step)
    if lost:
        text += ", " + str(lost) + (" step was" if lost == 1 else " steps were") + " lost"
    return text + "."
