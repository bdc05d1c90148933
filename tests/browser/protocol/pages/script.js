// A page in plain JavaScript: starts the worker with PyScript and speaks plain objects with it.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const absolute = (address) => new URL(address, document.baseURI).href;

const { PyWorker } = await import(absolute(read("pyscript") + "core.js"));
const { interpreter, files, packages } = read("settings").worker;

const worker = await PyWorker(absolute("worker.py"), {
  type: "pyodide",
  version: absolute(interpreter),
  config: {
    files: Object.fromEntries(Object.entries(files).map(([url, path]) => [absolute(url), path])),
    sync_main_only: true,
    gymworker: { packages },
  },
});

const pending = new Map();
let lastId = 0;
window.heard = []; // what answers no request: progress of the boot, ready, log
window.progress = []; // what belongs to a request and does not end it
window.unknown = 0;

window.request = (type, payload, transfer = []) =>
  new Promise((resolve, reject) => {
    const id = ++lastId;
    pending.set(id, { resolve, reject });
    worker.postMessage({ type, id, payload }, transfer);
  });
window.pendingRequests = () => pending.size;

worker.addEventListener("message", ({ data }) => {
  if (typeof data !== "object" || typeof data?.type !== "string") return; // PyScript's own
  if (data.id === undefined) return void window.heard.push(data);
  if (data.type === "progress") return void window.progress.push(data);
  const waiting = pending.get(data.id);
  if (!waiting) return void window.unknown++;
  pending.delete(data.id);
  if (data.type === "error") waiting.reject(data.error);
  else waiting.resolve(data);
});
window.worker = worker;
