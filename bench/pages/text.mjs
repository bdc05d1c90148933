// Before PyScript looks at the worker: it is to restore our snapshot, and has none of our files.
import { absolute, config } from "./bench.mjs";

const settings = {
  interpreter: absolute(config.worker.interpreter),
  packages_cache: "passthrough",
  sync_main_only: true,
};
document.querySelector("script[worker]").setAttribute("config", JSON.stringify(settings));
