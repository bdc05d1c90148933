// Pyodide behind Comlink: the page's half.
import { runtime, serve, source } from "./bench.mjs";
import { wrap } from "./comlink_library.mjs";

const worker = wrap(new Worker("comlink_worker.mjs", { type: "module" }));
const code = await source();
await worker.boot(runtime);
serve({
  setup: (kind) => worker.setup(code, kind),
  step: (actions, render) => worker.step(actions, render),
  batch: (actions, render) => worker.batch(actions, render),
});
window.showReady();
