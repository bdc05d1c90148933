// Notes each change of what the page shows while it boots.
window.pageHistory = [];
new MutationObserver(() => {
  const bar = document.querySelector("#progress");
  const status = document.querySelector("#status");
  if (!bar || !status) return;
  const { state } = document.documentElement.dataset;
  window.pageHistory.push({ state, status: status.textContent, value: bar.value, max: bar.max });
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
