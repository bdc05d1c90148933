// Loads the script that the address names: js.html?floor loads floor.mjs.
await import(`./${location.search.slice(1).split("&")[0]}.mjs`);
