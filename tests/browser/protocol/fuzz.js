// Posts values of many kinds, some almost right, the same ones each time; returns how many.
([target, count]) => {
  let seed = 12345;
  const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  const pick = (list) => list[random(list.length)];
  const words = [
    "type", "id", "payload", "step", "reset", "render", "seedRng", "batch", "initEnv", "op", "operations",
    "params", "actions", "seed", "envCode", "globals", "constructor", "__proto__", "connect", "", "\u0000",
  ];
  const value = (depth) => [
    () => null, () => undefined, () => random(1000) - 500, () => random(1000) / 7, () => NaN,
    () => 2 ** 60, () => 12345678901234567890n, () => pick(words), () => true, () => new Uint8Array(random(9)),
    () => new ArrayBuffer(random(9)), () => new Date(0), () => new Map([[1, 2]]), () => /x/,
    () => Array.from({ length: random(4) }, () => (depth ? value(depth - 1) : 0)),
    () => Object.fromEntries(Array.from({ length: random(4) }, () => [pick(words), depth ? value(depth - 1) : 0])),
  ][random(16)]();
  const message = () => ({
    ...(random(8) && { type: random(4) ? pick(words) : value(1) }),
    ...(random(8) && { id: random(4) ? -1 - random(1000) : value(1) }),
    ...(random(4) && { payload: value(3) }),
  });
  const text = (made) => {
    try { return JSON.stringify(made) ?? "null"; } catch { return "{"; }
  };
  const posted = {
    port: () => pick([
      () => value(3), message, () => text(message()), () => "[" + text(message()) + "]",
      () => `[${text(message())},${text(value(3))}]`, () => text(message()).slice(random(30)),
      () => ["[" + text(message()) + "]", new ArrayBuffer(random(40))], () => [value(1), value(1)],
    ])(),
    worker: () => (random(2) ? message() : value(3)),
  }[target];
  const where = target === "port" ? window.labPort : window.labWorker;
  let sent = 0;
  for (let i = 0; i < count; i++) {
    try { where.postMessage(posted()); sent++; } catch { /* cannot be cloned */ }
  }
  return sent;
}
