"""What `env.render()` returns, and whether it can be shown."""

from typing import Any

from gymworker.codec import encode
from gymworker.errors import GymWorkerError, StateError
from gymworker.worker.canvas.frames import as_pixels, newest
from gymworker.worker.canvas.size import check_size

from gymserver.doctor.checks import FAILED, OK, WARNING
from gymserver.doctor.trial.finding import Finding, failure
from gymserver.doctor.trial.trial import Trial

STEPS = 20


def check_render(trial: Trial) -> Finding:
    """Renders after the reset and after each of 20 steps."""
    environment, told = trial.environment, ""
    if not environment.renders:
        return Finding(OK, f"nothing to render: {_why_nothing(trial.env)}")
    for moment in trial.walk(STEPS):
        before, hash = _saved(trial), trial.digest()
        try:
            frame = newest(environment.frame())
        except BaseException as error:
            return failure(error, f"{moment.text}: render")
        if frame is not None:
            try:
                told = describe(frame)
            except (TypeError, ValueError, GymWorkerError) as error:
                return Finding(
                    FAILED, f"{moment.text}: {error}", "return a frame that can be shown"
                )
        if before is not None and trial.digest() != hash:
            after = trial.states.save()
            place = trial.states.difference(before, after) or "its state"
            return Finding(
                WARNING,
                f"{moment.text}: render() changes what the environment does: {place}",
                "let render() look only, since a replay does not render as often as a game did",
            )
    if not environment.renders:
        return Finding(OK, "nothing to render: env.render() is not implemented")
    if not told:
        return Finding(OK, "None each time: nothing of it is shown")
    return Finding(OK, told)


def describe(frame: Any) -> str:
    """Returns what a frame is, in a few words.

    Raises:
        TypeError, ValueError: it cannot be painted.
        EncodeError: a page that paints itself cannot get it.
    """
    if isinstance(frame, str):
        return f"text of {len(frame.splitlines())} lines"
    if isinstance(frame, dict) and "game_state_objects" in frame:
        check_size(frame["width"], frame["height"])
        encode(frame)
        size = f"{frame['width']} x {frame['height']}"
        return f"a Surface's drawing, {size}, {len(frame['game_state_objects'])} objects"
    pixels = as_pixels(frame)
    check_size(pixels.shape[1], pixels.shape[0])
    dtype, shape = getattr(frame, "dtype", "uint8"), getattr(frame, "shape", pixels.shape)
    return f"an array {tuple(shape)} of {dtype}"


def _saved(trial: Trial) -> Any:
    try:
        return trial.states.save()
    except StateError:
        return None


def _why_nothing(env: Any) -> str:
    modes = (getattr(env, "metadata", None) or {}).get("render_modes")
    if not callable(getattr(env, "render", None)):
        return "there is no env.render()"
    return f"it was made without a render_mode, of which it has {modes}"
