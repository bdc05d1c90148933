"""How long a step, a frame and a snapshot take."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from gymworker.errors import StateError

from gymserver.doctor.checks import OK, WARNING
from gymserver.doctor.trial.finding import Finding
from gymserver.doctor.trial.trial import Actions, Trial

BUDGET = 1.0
"""Seconds for each of the three."""

MOST = 300
"""Steps, at most; frames and snapshots are fewer."""

EVERY = 5
"""Steps to one frame, and to one snapshot."""


def check_speed(trial: Trial) -> Finding:
    """Times steps, frames and snapshots, and asks whether they fit in the frames of the game."""
    steps: list[float] = []
    frames: list[float] = []
    snapshots: list[float] = []
    size, saves = 0, True
    actions, episode = Actions(0), 0
    moment = trial.reset(0)
    while len(steps) < MOST and sum(steps) < BUDGET:
        action = actions.draw(trial.environment)
        seconds, moment = _timed(lambda action=action: trial.step(action))  # type: ignore[misc]
        steps.append(seconds)
        if len(steps) % EVERY == 1 and trial.environment.renders and sum(frames) < BUDGET:
            frames.append(_timed(trial.environment.frame)[0])
        if len(steps) % EVERY == 1 and saves and sum(snapshots) < BUDGET:
            try:
                snapshot = trial.states.save()
                snapshots.append(snapshot.seconds)
                size = snapshot.size
            except StateError:
                saves = False
        if trial.over(moment):
            episode += 1
            trial.reset(0, episode)
    data = {"step": _ms(steps), "render": _ms(frames), "snapshot": _ms(snapshots)}
    data["fps"] = fps_of(trial)
    text = ", ".join(f"{name} {data[name]:.3g} ms" for name in ("step", "render") if data[name])
    if data["snapshot"]:
        text += f", snapshot {data['snapshot']:.3g} ms ({max(size // 1000, 1)} kB)"
    needed, there = (data["step"] or 0) + (data["render"] or 0), 1000 / data["fps"]
    if needed <= there:
        return Finding(OK, f"{text}; {data['fps']:g} fps leave {there:.3g} ms", data=data)
    return Finding(
        WARNING,
        f"{text}: step and render take {needed:.3g} ms, and {data['fps']:g} fps leave {there:.3g}",
        f"do less in them, or set metadata['render_fps'] to {max(int(1000 / needed), 1)} or less",
        data,
    )


def fps_of(trial: Trial) -> float:
    """Returns the steps a second of a game: its settings', else the metadata's."""
    try:
        return trial.settings().fps
    except Exception:
        metadata = getattr(trial.env, "metadata", None) or {}
        fps = metadata.get("render_fps")
        return float(fps) if isinstance(fps, (int, float)) and fps > 0 else 30.0


def _timed(function: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = function()
    return time.perf_counter() - began, result


def _ms(seconds: list[float]) -> Any:
    return round(median(seconds) * 1000, 4) if seconds else None
