// Runs one Python (MicroPython or Pyodide) under Node and answers JSON requests, one a line.
//   node runtime_host.mjs micropython|pyodide <folder> <lock file> <standard library> [wheel...]
// Requests: {id, op: "write", path, text} | {id, op: "exec", code}
//   | {id, op: "call", name, text, buffers: [base64]}   the function gets (text, JS array of
//     ArrayBuffers, empty JS array), returns a text and may push buffers to the empty array
// Replies: {id, text?, buffers?} | {id, error}
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [kind, folder, lockFileURL, stdLibURL, ...wheels] = process.argv.slice(2);

async function start() {
  const output = { stdout: console.error, stderr: console.error };
  const load = (name) => import(pathToFileURL(join(folder, name)));
  if (kind === "micropython") return (await load("micropython.mjs")).loadMicroPython(output);
  const options = { ...output };
  if (lockFileURL) options.lockFileURL = lockFileURL;
  if (stdLibURL) options.stdLibURL = stdLibURL;
  const python = await (await load("pyodide.mjs")).loadPyodide(options);
  for (const wheel of wheels) await python.loadPackage(wheel, { messageCallback: () => {} });
  return python;
}

const bytes = (value) =>
  ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : Buffer.from(value);

const python = await start();

const operations = {
  write({ path, text }) {
    const folders = path.split("/").slice(0, -1);
    let folder = "";
    for (const name of folders) {
      folder += name + "/";
      try { python.FS.mkdir(folder.slice(0, -1)); } catch { /* it is there */ }
    }
    python.FS.writeFile(path, text);
  },
  exec({ code }) {
    python.runPython(code);
  },
  call({ name, text, buffers }) {
    const given = buffers.map((data) => Uint8Array.from(Buffer.from(data, "base64")).buffer);
    // Not by its result: MicroPython may collect a fresh JS object that a function returns.
    const made = [];
    const reply = python.globals.get(name)(text, given, made);
    return { text: reply, buffers: made.map((value) => bytes(value).toString("base64")) };
  },
};

console.log(JSON.stringify({ id: 0 }));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let reply;
  try {
    reply = operations[request.op](request) ?? {};
  } catch (error) {
    reply = { error: String(error?.message ?? error) };
  }
  console.log(JSON.stringify({ id: request.id, ...reply }));
}
