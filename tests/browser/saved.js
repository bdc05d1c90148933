// Notes each file that the page saves: Playwright's Firefox tells of no download of a Blob.
window.savedFiles = [];
const blobs = new Map();
const create = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  const address = create(blob);
  blobs.set(address, blob);
  return address;
};
const { click } = HTMLAnchorElement.prototype;
HTMLAnchorElement.prototype.click = function () {
  const name = this.download;
  if (name) blobs.get(this.href).text().then((text) => window.savedFiles.push({ name, text }));
  return click.call(this);
};
