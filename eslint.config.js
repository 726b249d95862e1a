// What `make check` asks of the browser code, on top of what TypeScript finds in its JSDoc types.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["mpp/static/vendor/", "node_modules/", ".venv/", "var/", "dist/", "mutants/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "default-case-last": "error",
      eqeqeq: "error",
      "no-constructor-return": "error",
      "no-implicit-coercion": "error",
      "no-implicit-globals": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "off", // `new Promise((done) => setTimeout(done, …))` reads best so
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-unreachable-loop": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }], // `{ version, at, ...state }` leaves those out
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  { files: ["mpp/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["tests/js/*.mjs", "eslint.config.js"], languageOptions: { globals: globals.node } },
];
