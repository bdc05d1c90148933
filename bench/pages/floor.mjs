// The floor of any message: a bare worker that echoes it.
import { serve } from "./bench.mjs";

const worker = new Worker("echo_worker.js");
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data }) => {
  waiting.get(data.id)(data);
  waiting.delete(data.id);
};
const step = (actions, render) =>
  new Promise((resolve) => {
    const id = ++last;
    waiting.set(id, resolve);
    worker.postMessage({ type: "step", id, payload: { actions, render } });
  });
serve({ setup: async () => {}, step, batch: step });
window.showReady();
