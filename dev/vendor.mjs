/** Copy what the pages need of the front-end packages to static/vendor/, a folder for each. */

import { cpSync, mkdirSync, rmSync } from "node:fs";

const MODULES = new URL("../node_modules/", import.meta.url);
const VENDOR = new URL("../static/vendor/", import.meta.url);

const FILES = {
  "leaflet": ["dist/leaflet.js", "dist/leaflet.css", "dist/images", "LICENSE"],
  "@fontsource/bricolage-grotesque": [
    "files/bricolage-grotesque-latin-700-normal.woff2",
    "files/bricolage-grotesque-latin-ext-700-normal.woff2",
    "LICENSE",
  ],
  "modern-normalize": ["modern-normalize.css", "license"],
};

for (const [module, paths] of Object.entries(FILES)) {
  const folder = new URL(`${module.split("/").pop()}/`, VENDOR);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of paths) {
    cpSync(new URL(`${module}/${path}`, MODULES), new URL(path.split("/").pop(), folder), { recursive: true });
  }
}
process.stdout.write(`static/vendor/: ${Object.keys(FILES).join(", ")}\n`);
