import { boot } from "./python.mjs";

// What a visitor does, so many steps of it.
const play = (steps) => `
import gymnasium
env = gymnasium.make("CartPole-v1")
env.reset(seed=1)
for number in range(${steps}):
    _, _, terminated, truncated, _ = env.step(number % 2)
    if terminated or truncated:
        env.reset()
`;
let python;

onmessage = async ({ data }) => {
  try {
    if (typeof data === "number") python.runPython(play(data));
    else python = await boot(data);
    postMessage("ready");
  } catch (error) {
    postMessage(String(error));
  }
};
