import { boot } from "./python.mjs";

// What a visitor does: a minute of play, 60 steps a second.
const PLAY = `
import gymnasium
env = gymnasium.make("CartPole-v1")
env.reset(seed=1)
for number in range(3600):
    _, _, terminated, truncated, _ = env.step(number % 2)
    if terminated or truncated:
        env.reset()
`;
let python;

onmessage = async ({ data }) => {
  try {
    if (data === "play") python.runPython(PLAY);
    else python = await boot(data);
    postMessage("ready");
  } catch (error) {
    postMessage(String(error));
  }
};
