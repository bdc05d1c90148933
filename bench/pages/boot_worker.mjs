import { boot } from "./python.mjs";

onmessage = async ({ data }) => {
  try {
    await boot(data);
    postMessage("ready");
  } catch (error) {
    postMessage(String(error));
  }
};
