// Source text for every step: a classic worker that splices the actions into Python source, compiles
// and runs it, converts the answer with toJs and posts plain objects.
let python, makeEnvironment, AS_OBJECTS;

const literal = (value) => (value ? "True" : "False");

const STEP = (actions, render) => `
obs, rewards, terminateds, truncateds, infos = env.step(${JSON.stringify(actions)})
render_state = env.render() if ${literal(render)} else None
{
    "obs": obs,
    "rewards": rewards,
    "terminateds": terminateds,
    "truncateds": truncateds,
    "infos": infos,
    "render_state": render_state,
}
`;

const BATCH = (actions, render) => `
results = []
for actions in ${JSON.stringify(actions)}:
    obs, rewards, terminateds, truncateds, infos = env.step(actions)
    render_state = env.render() if ${literal(render)} else None
    results.append({
        "obs": obs,
        "rewards": rewards,
        "terminateds": terminateds,
        "truncateds": truncateds,
        "infos": infos,
        "render_state": render_state,
    })
results
`;

function run(source) {
  const answer = python.runPython(source);
  const result = answer.toJs(AS_OBJECTS);
  answer.destroy();
  return result;
}

const handlers = {
  async init(payload) {
    const module = await import(payload.boot);
    ({ makeEnvironment, AS_OBJECTS } = module);
    python = await module.boot(payload);
  },
  initEnv: ({ code, kind }) => makeEnvironment(python, code, kind),
  step: ({ actions, render }) => run(STEP(actions, render)),
  batch: ({ actions, render }) => run(BATCH(actions, render)),
};

onmessage = async ({ data: { type, id, payload } }) => {
  try {
    postMessage({ type: "result", id, result: await handlers[type](payload) });
  } catch (error) {
    postMessage({ type: "error", id, error: String(error) });
  }
};
