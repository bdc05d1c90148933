// The boot to compare with: the same Pyodide and wheels, in a bare module worker (js.html?boot), on
// the main thread (js.html?boot&main), or restored from our snapshot in a bare worker
// (js.html?boot&restored): the floor of ours, which has PyScript and the library besides.
import { absolute, config, runtime } from "./bench.mjs";

window.startPulse();
try {
  if (location.search.endsWith("&main")) {
    const { boot } = await import("./python.mjs");
    await boot(runtime);
  } else {
    const worker = new Worker("boot_worker.mjs", { type: "module" });
    window.ask = (what) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data === "ready" ? resolve() : reject(data));
        worker.postMessage(what);
      });
    const restored = { interpreter: absolute(config.worker.interpreter), packages: [] };
    await window.ask(location.search.endsWith("&restored") ? restored : runtime);
  }
  window.showReady();
} catch (error) {
  window.showFailure(error);
}
