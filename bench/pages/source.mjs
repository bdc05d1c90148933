// Source text for every step: the page's half, a map of pending requests.
import { absolute, runtime, serve, source } from "./bench.mjs";

const worker = new Worker("source_worker.js");
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data: { id, result, error } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(new Error(error));
  else resolve(result);
};
const request = (type, payload) =>
  new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ type, id, payload });
  });

const code = await source();
await request("init", { ...runtime, boot: absolute("python.mjs") });
serve({
  setup: (kind) => request("initEnv", { code, kind }),
  step: (actions, render) => request("step", { actions, render }),
  batch: (actions, render) => request("batch", { actions, render }),
});
window.showReady();
