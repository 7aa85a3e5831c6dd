import js from "@eslint/js";

const names = (list) => Object.fromEntries(list.split(" ").map((name) => [name, "readonly"]));

const browser = names(
  "window document navigator location sessionStorage fetch AbortController AbortSignal URL URLSearchParams HTMLElement Element Event CustomEvent"
  + " IntersectionObserver ResizeObserver matchMedia setTimeout clearTimeout requestAnimationFrame getComputedStyle Intl console",
);
const node = names("process performance URL console setTimeout clearTimeout globalThis");

const rules = {
  complexity: ["error", 8],
  eqeqeq: "error",
  "max-lines": ["error", 200],
  "max-lines-per-function": ["error", 40],
  "no-var": "error",
  "no-restricted-globals": ["error", { name: "fetch", message: "lib/api.js is the only place that asks the server." }],
  "prefer-const": "error",
};

export default [
  { ignores: ["static/vendor/", "static/gen/", ".venv/", ".local/"] },
  js.configs.recommended,
  { files: ["static/js/**/*.js"], languageOptions: { globals: browser }, rules },
  { files: ["static/js/lib/api.js"], rules: { "no-restricted-globals": "off" } },
  { files: ["static/js/map/**/*.js"], languageOptions: { globals: { ...browser, L: "readonly" } } },
  { files: ["dev/**/*.mjs", "tests/js/**/*.mjs", "eslint.config.mjs"], languageOptions: { globals: node } },
];
