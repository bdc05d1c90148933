// What all pages of the bench share: settings, the clock's loops, the pulse of the main thread, and
// `window.contender(job)`, by which the bench has a page step its environment.

import { pyodide } from "./stock.mjs";

const { config: text, pyscript } = document.documentElement.dataset;
export const config = JSON.parse(text);
export const absolute = (address) => new URL(address, document.baseURI).href;
export const runtime = {
  interpreter: absolute(pyodide), // as it comes, not ours, which restores a snapshot
  packages: config.worker.packages,
};
export const core = pyscript && absolute(`${pyscript}core.js`);
export const source = async () => (await fetch("bench_env.py")).text();

window.clock = () => performance.now();

// A 10 ms timer: by how much it is late is how long the main thread was busy.
const INTERVAL = 10;
let longest = 0;
window.startPulse = () => {
  let before = performance.now();
  const beat = () => {
    const now = performance.now();
    longest = Math.max(longest, now - before - INTERVAL);
    before = now;
    setTimeout(beat, INTERVAL);
  };
  setTimeout(beat, INTERVAL);
};

// To be called at READY: milliseconds since the visit began, and the longest pause so far.
window.showReady = () => {
  window.boot = { ready: performance.now(), pause: longest };
};
let refuse;
window.showFailure = (reason) => {
  window.boot ??= { failure: String(reason) };
  refuse?.(new Error(reason));
};
addEventListener("error", ({ message }) => window.showFailure(message));
addEventListener("unhandledrejection", ({ reason }) => window.showFailure(reason));

// Lets the bench ask a page in Python: for so many steps, as a visitor plays, or to `restart`, which
// takes some milliseconds. The bench may ask before the page listens.
let take, wish;
const listen = () => (wish = new Promise((resolve) => (take = resolve)));
listen();
window.asked = async () => {
  const what = await wish;
  listen();
  return what;
};
window.ask = (what) =>
  new Promise((resolve, reject) => {
    window.answered = resolve;
    refuse = reject;
    take(what);
  });

// Lets the page be driven by the bench.
//   setup(kind)            makes the environment of that kind, and resets it
//   step(actions, render)  returns the result of one step
//   batch(actions, render) returns the results of a step for each action
export function serve({ setup, step, batch }) {
  let made;
  window.contender = async ({ kind, render, batch: size, count, each, fresh }) => {
    if (made !== kind || fresh) await setup(kind);
    made = kind;
    const actions = Array.from({ length: size }, (_, i) => i % 2);
    const call = size ? () => batch(actions, render) : (i) => step(i % 2, render);
    const times = [];
    const start = performance.now();
    let before = start;
    for (let i = 0; i < count; i++) {
      const result = await call(i);
      if (result === undefined) throw new Error("no result");
      if (each) {
        const now = performance.now();
        times.push(now - before);
        before = now;
      }
    }
    return each ? times : [performance.now() - start];
  };
}

// The same for a page in Python: it awaits `nextJob()` and answers with `jobDone` or `jobFailed`,
// all in JSON, which is exact in both Pythons.
const jobs = [];
let waiting;
let current;
window.servePython = () => {
  window.contender = (job) =>
    new Promise((resolve, reject) => {
      jobs.push({ text: JSON.stringify(job), resolve, reject });
      waiting?.();
    });
};
window.nextJob = async () => {
  if (!jobs.length) await new Promise((resolve) => { waiting = resolve; });
  current = jobs.shift();
  return current.text;
};
window.jobDone = (answer) => current.resolve(JSON.parse(answer));
window.jobFailed = (reason) => current.reject(new Error(reason));
