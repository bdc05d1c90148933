// Pyodide behind Comlink: Python functions that are compiled once, answers as plain objects, big
// arrays transferred.
import { expose, transfer } from "./comlink_library.mjs";
import { AS_OBJECTS, boot, makeEnvironment } from "./python.mjs";

let python, step, batch;

function run(call, actions, render) {
  const answer = call(actions, render);
  const result = answer.toJs(AS_OBJECTS);
  answer.destroy();
  return result;
}

const bigArrays = ({ obs, render_state }) =>
  [obs, render_state].filter((value) => value?.shape).map((value) => value.data.buffer);

expose({
  async boot(runtime) {
    python = await boot(runtime);
  },
  setup(code, kind) {
    makeEnvironment(python, code, kind);
    step = python.globals.get("step");
    batch = python.globals.get("batch");
  },
  step(actions, render) {
    const result = run(step, actions, render);
    return transfer(result, bigArrays(result));
  },
  batch: (actions, render) => run(batch, python.toPy(actions), render),
});
