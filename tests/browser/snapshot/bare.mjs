// A worker without PyScript: starts Pyodide by one of the server's modules, and runs Python in it.
addEventListener("message", async ({ data: { module, packages, compat, scripts, wheel } }) => {
  try {
    const { loadPyodide } = await import(module);
    const python = await loadPyodide({});
    const quiet = { messageCallback: () => {} };
    const before = Object.keys(python.loadedPackages).length;
    await python.loadPackage(packages, quiet);
    python.runPython(compat, { globals: python.toPy({ __name__: "compat" }) });
    if (wheel) await python.loadPackage(wheel, quiet);
    const results = [];
    for (const script of scripts)
      results.push(await python.runPythonAsync(script, { globals: python.toPy({ __name__: "look" }) }));
    postMessage({ results, before, note: globalThis.gymworkerNote ?? null });
  } catch (error) {
    postMessage({ failure: String(error?.stack ?? error) });
  }
});
