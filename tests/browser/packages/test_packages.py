"""Packages that people use: resolved, stepped as in CPython, played, recorded, replayed."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from gymserver.app import create_app
from gymserver.packages import stored_wheels
from gymserver.site import ROOT, Site
from gymserver.standins import is_standin
from tests.browser.browsers import in_chromium
from tests.browser.packages.cases import CASES, Case
from tests.browser.pages import watched
from tests.browser.protocol.lab import Lab
from tests.browser.protocol.test_stock import Picture, canvas
from tests.browser.servers import serving

pytestmark = [in_chromium, pytest.mark.timeout(300)]

HERE = Path(__file__).parent
SEED, STEPS, PLAYED = 3, 50, 40
PATIENCE = 10_000
"""Milliseconds until a picture is on the canvas, at most."""

BEGIN = """
    global worker, encode, told, over
    from gymworker.codec import encode
    worker = make(timeout=100)
    canvas = js.document.createElement("canvas")
    js.document.body.append(canvas)
    await worker.attach_canvas(canvas)

    def told(result):
        return [result.obs, result.rewards, result.terminateds, result.truncateds]

    def over(flags):
        if isinstance(flags, dict):
            flags = list(flags.values())
        return any(flags) if isinstance(flags, list) else bool(flags)
"""

ROLLOUT = """
    await worker.seed_rng(SEED)
    await worker.init_env(CODE)
    seed = SEED
    rows = [[seed, [(await worker.reset(seed=seed)).obs]]]
    chance = seed
    for number in range(STEPS):
        action = await worker.sample(seed=chance)
        chance = None
        result = await worker.step(action, render=False)
        rows.append([action, told(result)])
        if over(result.terminateds) or over(result.truncateds):
            chance = seed = seed + 1  # a reset may have made another space
            rows.append([seed, [(await worker.reset(seed=seed, render=False)).obs]])
    text, buffers = encode(rows)
    numbers = [js.Array["from"](js.Uint8Array.new(buffer)) for buffer in buffers]
    return [text, [json.loads(js.JSON.stringify(number)) for number in numbers]]
"""

PLAY = """
    episodes = []
    game = await worker.play(
        fps=1000, seed=SEED, num_episodes=1, max_steps=PLAYED, seats="random",
        on_episode=episodes.append,
    )
    last = await game.finished()
    replayed = await worker.replay([episodes[0].record])
    changed = json.loads(episodes[0].record)
    changed["checksums"][1] ^= 1
    different = (await worker.replay([changed])).difference
    await worker.reset(seed=SEED)
    return {
        "state": last.state,
        "replayed": replayed.steps,
        "played": episodes[0].steps,
        "difference": replayed.difference and replayed.difference.fields,
        "different": different and different.step,
    }
"""


@pytest.fixture(scope="module")
def lab(site: Site, browser: Browser) -> Iterator[Lab]:
    """The lab with one worker for all the environments."""
    with (
        serving(create_app(site=site)) as served,
        watched(browser, served.url) as context,
    ):
        lab = Lab(context.new_page(), served.url)
        lab.run(BEGIN)
        yield lab


@pytest.fixture(scope="module")
def wheels(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pure Python wheels that the browser has, for CPython."""
    folder = tmp_path_factory.mktemp("wheels")
    assert site.packages
    for entry, file in stored_wheels(site.packages).values():
        if file.stem.endswith("-none-any") and not is_standin(entry):
            with zipfile.ZipFile(file) as archive:
                archive.extractall(folder)
    return folder


def differences(case: Case, told: Any, wheels: Path, frame: Path | None) -> list[str]:
    """Where CPython's results are not those that the browser was told."""
    text, buffers = told
    given = {"code": case.code, "text": text, "buffers": buffers, "close": case.close, "seed": SEED}
    path = os.pathsep.join([str(wheels), str(ROOT / "web")])
    result = subprocess.run(
        [sys.executable, str(HERE / "rollout.py")],
        input=json.dumps(given | {"frame": frame and str(frame)}),
        env={**os.environ, "PYTHONPATH": path, "SDL_VIDEODRIVER": "dummy", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def off(lab: Lab, wanted: Picture) -> float:
    """The share of the canvas's pixels that are visibly not those of a picture."""
    found = canvas(lab.page)
    if found.shape != wanted.shape:
        return 1.0
    return float(np.mean(np.abs(found - wanted).max(axis=2) > 32))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_package_works(case: Case, lab: Lab, wheels: Path, tmp_path: Path) -> None:
    names = {"CODE": case.code, "SEED": SEED, "STEPS": STEPS, "PLAYED": PLAYED}

    def run(body: str) -> Any:
        for name, value in names.items():
            body = body.replace(name, repr(value))
        return lab.run(body)

    frame = tmp_path / "frame.npy" if case.drawn else None
    assert differences(case, run(ROLLOUT), wheels, frame) == []
    played = run(PLAY)
    steps = played.pop("played")
    assert steps > 0
    assert played == {"state": "ended", "replayed": steps, "difference": None, "different": 1}
    if frame:
        wanted = np.load(frame).astype(np.int16)
        assert len(np.unique(wanted)) > 1
        for _ in range(PATIENCE // 100):
            if off(lab, wanted) < 0.1:
                return
            lab.page.wait_for_timeout(100)
        raise AssertionError(f"{off(lab, wanted):.2%} of the picture are not CPython's")
