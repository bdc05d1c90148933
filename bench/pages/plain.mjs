// Ours, from a page in JavaScript: plain objects over `worker.postMessage`.
import { absolute, config, core, serve, source } from "./bench.mjs";

const { PyWorker } = await import(core);
const { interpreter, packages, files, downloads, ...passed } = config.worker;
const entries = Object.entries(files).map(([from, to]) => [absolute(from), to]);
const worker = await PyWorker(absolute("gymworker/worker/js/entry.py"), {
  type: "pyodide",
  version: absolute(interpreter),
  config: {
    ...passed,
    files: { ...Object.fromEntries(entries), [absolute("ours_worker.py")]: "./ours_worker.py" },
    sync_main_only: true,
    gymworker: { script: "ours_worker", packages },
  },
});

const waiting = new Map();
let last = 0;
worker.addEventListener("message", ({ data }) => {
  const { type, id, result, error } = data;
  if (type === "error" && error.fatal) window.showFailure(error.stack);
  if (type === "progress" || !waiting.has(id)) return;
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (type === "error") reject(new Error(error.stack));
  else resolve(result ?? {});
});
const request = (type, payload) =>
  new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ type, id, payload });
  });

const code = await source();
await request("init", {});
serve({
  async setup(kind) {
    await request("initEnv", { envCode: code, globals: { KIND: kind }, fileName: "bench_env.py" });
    await request("reset", { seed: 42 });
  },
  step: (actions, render) => request("step", { actions, render }),
  batch: (actions, render) =>
    request("batch", {
      operations: actions.map((action) => ({ op: "step", params: { actions: action, render } })),
    }),
});
window.showReady();
