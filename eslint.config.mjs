import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: "latest",
      sourceType: "module",
      globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
    },
    rules: {
      curly: "error",
      eqeqeq: ["error", "smart"],
      "no-console": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
