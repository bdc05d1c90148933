// A lab whose page has the worker's Python, with NumPy.
const given = document.getElementById("config");
const config = JSON.parse(given.textContent);
const absolute = (address) => new URL(address, document.baseURI).href;
const wheels = config.worker.downloads.filter(({ url }) => url.includes("/numpy-"));
config.packages = wheels.map(({ url }) => absolute(url));
config.packages_cache = "passthrough";
const script = document.createElement("script");
script.type = "py";
script.setAttribute("src", "lab_page.py");
script.setAttribute("config", JSON.stringify(config));
document.body.append(script);
await import(absolute(given.dataset.core)); // it reads the configuration once, as it starts
