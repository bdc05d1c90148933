"""What is said: few sentences, the newest of each kind."""

import asyncio
from types import SimpleNamespace

from app import speech

from tests.loopback import on_virtual_time


@on_virtual_time
async def test_a_flood_is_a_few_sentences_and_the_last_one_is_said() -> None:
    said: list[str] = []
    live = speech.Speech(said.append, asyncio.ensure_future)
    for step in range(100):
        live.say(f"Step {step}.", "move")
        await asyncio.sleep(0.05)
    await asyncio.sleep(5)
    assert said[0] == "Step 0."
    assert said[-1] == "Step 99."
    assert len(said) <= 7


@on_virtual_time
async def test_sentences_of_two_kinds_are_both_said() -> None:
    said: list[str] = []
    live = speech.Speech(said.append, asyncio.ensure_future)
    live.say("Paused.")
    live.say("Score 3.", "result")
    live.say("Playing.")
    await asyncio.sleep(5)
    assert said == ["Score 3. Playing."]
    live.say("Playing.")  # a while later it is news again
    await asyncio.sleep(5)
    assert said == ["Score 3. Playing.", "Playing."]


def test_a_move_says_what_was_done_and_what_it_brought() -> None:
    down = SimpleNamespace(keys=["ArrowDown"], action=0, label=None, agent=None)
    pick = SimpleNamespace(keys=["p"], action=4, label="Pick up", agent=None)
    step = SimpleNamespace(step=3, action=0, reward=-1)
    assert speech.move(step, [down, pick]) == "Step 3: Down arrow. Reward -1."
    step.action = 4
    assert speech.move(step, [down, pick]) == "Step 3: Pick up. Reward -1."
    step.action, step.reward = 7, float("nan")
    assert speech.move(step, [down, pick]) == "Step 3. Reward nan."


def test_a_move_of_one_of_several_is_said_by_its_own_controls() -> None:
    ann, bob = (
        SimpleNamespace(keys=["a"], action=1, label=label, agent=agent)
        for agent, label in (("ann", "Take one"), ("bob", "Leave one"))
    )
    step = SimpleNamespace(step=2, action={"bob": 1}, reward={"ann": 0, "bob": 1})
    assert speech.move(step, [ann, bob]).startswith("Step 2: Leave one. Reward ")
