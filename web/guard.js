// The guard of the start: says on the page why Python does not begin, and what to do. Once Python has
// set <html data-python>, as whatever starts a worker does, it says so itself. This is the site's one
// file of JavaScript: whatever is written in Python may be what did not arrive.
(() => {
  "use strict";
  const LOOK = 10e3; // milliseconds without Python until the files are looked at, again and again
  const GIVE_UP = 60e3; // until it has failed although each file is there
  const ANSWER = 10e3; // that a file may take for its first bytes, and between two of them
  const TYPES = { js: "javascript", mjs: "javascript", css: "css" };
  const AGAIN = "Load the page again. If it stays so, tell whoever runs this site.";
  const OFFLINE = "offline";
  const root = document.documentElement;
  const booting = () => [undefined, "booting"].includes(root.dataset.state);
  const named = (address) => address.replace(new URL(".", document.baseURI).href, "");
  // Not DOMContentLoaded, which waits for modules.
  const parsed = new Promise((done) => document.addEventListener("readystatechange", done));
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const running = () => "python" in root.dataset || !booting();
  let ready = false; // whether PyScript has Python, for which main.py may be on its way
  let failed = false;
  let uncaught = ""; // the last error that may or may not be why
  root.dataset.guard = "on";

  // Puts a text into the element of that id; into a new one with a tag if the page has none.
  async function show(id, text, tag) {
    await parsed;
    let place = document.getElementById(id);
    if (!place && tag) document.body.prepend((place = document.createElement(tag)));
    if (!place) return;
    Object.assign(place, { id, textContent: text });
    for (let box = place; (box = box.closest("[hidden]")); ) box.hidden = false;
    const folded = place.closest("details");
    if (folded) folded.open = true;
  }

  // The first failure is the cause of those that follow.
  async function fail(title, advice, words = "") {
    if (failed || root.dataset.state === "failed") return;
    failed = true;
    root.dataset.state = "failed";
    await show("failure-title", title, "h2");
    const place = document.getElementById("failure-advice");
    if (!place || words) await show("error", place ? words : `${advice}\n\n${words}`.trim(), "pre");
    await show("failure-what", "Python does not start on this page.");
    await show("failure-advice", advice);
    const other = document.getElementById("another");
    if (other) other.hidden = true; // Python's own way out
    await show("game-state", "Stopped");
    await show("status", title);
    await show("title", "This did not work");
    await show("about", "The reason is below.");
  }

  // What the page needs for Python to begin, in order, as far as its elements tell.
  function needed(words) {
    const found = words.match(/https?:[\w.~:/-]+\.(m?js|wasm|py|gz)\b/g) || [];
    for (const script of document.querySelectorAll("script[src]")) {
      const config = script.getAttribute("config") || "";
      const main = config.startsWith("{") && !script.hasAttribute("worker");
      const { interpreter = "", files } = main ? JSON.parse(config) : {};
      if (main) found.push(interpreter, interpreter.replace(/(micropython)\.mjs$/, "$1.wasm"));
      found.push(...Object.keys(files || {}), script.src);
    }
    for (const { name } of performance.getEntriesByType("resource"))
      if (/\/pyscript.*js$/.test(name)) found.push(name);
    return [...new Set(found.map((name) => new URL(name, document.baseURI).href))];
  }

  // Returns what is wrong with a file. It is asked for past the cache, where it may be damaged, and
  // which has it again then. A glance is at the first bytes. What a module imports joins `files`.
  async function trouble(address, glance, files) {
    const stop = new AbortController();
    const parts = [];
    let timer, answer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), ANSWER);
    };
    try {
      wait();
      answer = await fetch(address, { cache: "reload", signal: stop.signal });
      if (!answer.ok) return `the server answered ${answer.status}`;
      const type = answer.headers.get("Content-Type") || "nothing in particular";
      const wanted = TYPES[address.split(".").pop()];
      if (!wanted && type.includes("html")) return `${type} came in its place`;
      if (wanted && !type.includes(wanted)) return `it came as ${type}, not as text/${wanted}`;
      const reader = answer.body.getReader();
      for (let part; !(part = await reader.read()).done && !(glance && parts.length); wait())
        parts.push(part.value);
    } catch (error) {
      if (!navigator.onLine) return OFFLINE;
      if (stop.signal.aborted) return `no answer for ${ANSWER / 1000} s`;
      return answer ? "it was cut short" : "the server cannot be reached";
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    const body = new Blob(parts);
    const imports = /js$/.test(address) && body.size < 2000 ? await body.text() : "";
    for (const [, name] of imports.matchAll(/from\s*"(\.[^"]+)"/g)) {
      const imported = new URL(name, address).href;
      if (!files.includes(imported)) files.splice(files.indexOf(address) + 1, 0, imported);
    }
    return glance ? "" : damage(address, body);
  }

  async function damage(address, body) {
    try {
      if (/js$/.test(address)) await import(address);
      if (/wasm$/.test(address)) await WebAssembly.compile(await body.arrayBuffer());
      if (/gz$/.test(address) && self.DecompressionStream)
        await new Response(body.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
    } catch (error) {
      if (/js$/.test(address) && !(await isDamagedAlone(body))) return "";
      return `it is damaged or cut short (${error})`;
    }
  }

  // What a module imports, or does, is another matter; by itself it finds nothing that it imports.
  async function isDamagedAlone(body) {
    const copy = URL.createObjectURL(new Blob([body], { type: "text/javascript" }));
    const reason = await import(copy).catch((error) => error);
    URL.revokeObjectURL(copy);
    return reason.name === "SyntaxError";
  }

  const missing = (address, why) =>
    why === OFFLINE
      ? `You are offline; ${named(address)} could not be loaded.`
      : `${named(address)} could not be loaded: ${why}.`;

  const odd = (address, why) =>
    show("notice", `${missing(address, why)} The page may look odd: load it again.`, "p");

  // Looks for the file that is at fault; without one, it says what else is known.
  async function look(words, glance, source) {
    const files = needed(words).filter((address) => !address.endsWith("/guard.js"));
    for (const address of files) {
      const why = await trouble(address, glance, files);
      if (running() && glance) return;
      if (why) return fail(missing(address, why), AGAIN, words);
    }
    const last = words.trim().split("\n").pop();
    if (!glance) return fail(source ? `${named(source)}: ${last}` : last, AGAIN, words);
    const early = ({ startTime }) => startTime < LOOK; // later ones may be the guard's
    return files.find((address) => !performance.getEntriesByName(address).some(early));
  }

  async function watch() {
    for (let time = LOOK; await sleep(LOOK), !running() && !failed; time += LOOK) {
      const slow = await look(uncaught, !uncaught || time === LOOK);
      if (running() || failed) return;
      if (slow) show("status", `${named(slow)} is on its way; the connection is slow.`);
      else if (time < GIVE_UP) continue;
      else if (ready) return; // a main.py of somebody's own, which says nothing of itself
      else fail(`Python did not start within ${GIVE_UP / 1000} s.`, AGAIN);
    }
  }

  function lacking() {
    let modules = false;
    try {
      const kind = { get type() { return (modules = true), "module"; } };
      new Worker(URL.createObjectURL(new Blob([""])), kind).terminate();
    } catch (error) {
      modules = false;
    }
    const canvas = self.OffscreenCanvas && HTMLCanvasElement.prototype.transferControlToOffscreen;
    const found = { WebAssembly: self.WebAssembly, structuredClone: self.structuredClone };
    found["module workers"] = modules;
    found["OffscreenCanvas in workers"] = canvas && new OffscreenCanvas(1, 1).getContext("2d");
    return Object.keys(found).filter((name) => !found[name]);
  }

  addEventListener("error", async ({ target, filename, message }) => {
    const address = target.src || target.href;
    const words = `${filename || ""}\n${message}`;
    if (target === self && !/SyntaxError/.test(message)) return (uncaught = words);
    if (target === self) return booting() && look(words);
    if (target.tagName === "SCRIPT") return look(address);
    await odd(address, (await trouble(address, false, [])) || "it can be by now");
  }, true);
  // Chromium says nothing of a style that came as something else; it has no rules then.
  addEventListener("load", async () => {
    for (const { sheet, href } of document.querySelectorAll("link[rel=stylesheet]")) {
      const why = sheet && sheet.cssRules.length ? "" : await trouble(href, false, []);
      if (why) await odd(href, why);
    }
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    // Anything else than an error is no failure of Python's: a store that a frame may not open.
    if (booting() && reason instanceof Error) look(reason.message);
  });
  addEventListener("securitypolicyviolation", (event) => {
    const { blockedURI, disposition, effectiveDirective: directive } = event;
    if (disposition === "report" || !booting() || !/script|worker|connect/.test(directive)) return;
    const sources = { eval: "'unsafe-eval'", "wasm-eval": "'unsafe-eval'", inline: "'self'" };
    const source = sources[blockedURI] || blockedURI.replace(/^blob\b.*/, "blob:");
    fail(`The host's Content-Security-Policy forbids ${source} in ${directive}.`,
      `Whoever runs this site must allow it: ${directive} 'self' blob: 'unsafe-eval'`);
  });
  for (const type of ["mpy:ready", "py:ready"])
    addEventListener(type, ({ target }) => (ready = ready || !target.hasAttribute("worker")));
  // MicroPython tells the console alone what main.py raised, and comes to its end.
  const { error: log } = console;
  let raised = "";
  console.error = (...words) => {
    if (words[0] instanceof Error) raised = words[0].message;
    log.apply(console, words);
  };
  for (const type of ["mpy:done", "py:done"])
    addEventListener(type, ({ target }) => {
      if (target.hasAttribute("worker")) return;
      console.error = log;
      if (booting() || raised) look(raised || "it came to its end, and nothing began.", false, target.src);
    });
  addEventListener("online", () => failed && location.reload());
  addEventListener("click", ({ target }) => {
    if ((failed || !running()) && target.closest("#restart")) location.reload();
  });

  if (location.protocol === "file:")
    fail("This page was opened as a file.", "Start its server: python server.py");
  else if (self.origin === "null")
    fail("This page is in a sandboxed frame, where it cannot load Python.",
      'Whoever embeds it must allow both: sandbox="allow-scripts allow-same-origin"');
  else if (lacking().length)
    fail("This browser is too old for this page.",
      `It has no ${lacking().join(", no ")}. A current Chrome, Edge, Firefox or Safari has.`);
  else watch();
})();
