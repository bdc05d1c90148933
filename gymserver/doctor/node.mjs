// Runs the site's Pyodide with its packages, and in it what tries environments. Run by pythons.py.
//   node node.mjs <plan.json>
// Requests are lines on the standard input, answers are lines on the standard output; what Python
// prints goes to the standard error. See trial/serve.py.
import { readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));

function tell(text) {
  const bytes = Buffer.from(text + "\n");
  for (let sent = 0; sent < bytes.length; )
    try {
      sent += writeSync(1, bytes, sent);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
}

try {
  delete WebAssembly.Suspending;
  delete WebAssembly.promising;
  const { loadPyodide } = await import(plan.pyodide);
  const python = await loadPyodide({
    lockFileURL: plan.lock,
    stdLibURL: plan.stdlib,
    env: { PYTHONHASHSEED: "0" },
    stdout: console.error,
    stderr: console.error,
  });
  await python.loadPackage(plan.packages, { messageCallback() {}, errorCallback: console.error });
  python.mountNodeFS("/site", plan.site);
  python.runPython('import sys; sys.dont_write_bytecode = True; sys.path.insert(0, "/site")');
  const { answer, greeting } = python.pyimport("gymserver.doctor.trial.serve");
  tell(greeting());
  for await (const line of createInterface({ input: process.stdin })) await answer(line, tell);
} catch (error) {
  console.error(String(error?.stack ?? error));
  process.exit(1);
}
process.exit(0);
