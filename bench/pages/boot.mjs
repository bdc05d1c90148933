// The boot to compare with: the same Pyodide and wheels, in a bare module worker (js.html?boot) or on
// the main thread (js.html?boot&main).
import { runtime } from "./bench.mjs";

window.startPulse();
try {
  if (location.search.endsWith("&main")) {
    const { boot } = await import("./python.mjs");
    await boot(runtime);
  } else {
    const worker = new Worker("boot_worker.mjs", { type: "module" });
    await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data === "ready" ? resolve() : reject(data));
      worker.postMessage(runtime);
    });
  }
  window.showReady();
} catch (error) {
  window.showFailure(error);
}
