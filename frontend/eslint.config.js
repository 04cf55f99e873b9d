import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const sides =
  "(^|[\\s:])-?(m[lr]|p[lr]|left|right|border-[lr]|rounded-(l|r|tl|tr|bl|br)|scroll-[mp][lr])-[\\w\\[]|(^|[\\s:])(text|float|clear)-(left|right)\\b|(^|[\\s:])border-[lr]\\b";
const logical = "Use logical utilities (ms-, me-, ps-, pe-, start-, end-, text-start): the page also runs right to left.";
const words = "Text belongs into words.en.ts and words.fa.ts; show it with useWords().";

const syntax = [
  { selector: `Literal[value=/${sides}/]`, message: logical },
  { selector: `TemplateElement[value.raw=/${sides}/]`, message: logical },
  { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Server text is hostile: no raw HTML." },
  { selector: "CallExpression[callee.name='parseFloat']", message: "A decimal string goes to Intl as a string." },
];
const text = [
  { selector: "JSXText[value=/\\p{L}/u]", message: words },
  { selector: "JSXExpressionContainer > Literal[value=/\\p{L}/u]:not(JSXAttribute *)", message: words },
  {
    selector: "JSXAttribute[name.name=/^(aria-label|aria-description|title|placeholder|alt|label)$/] > Literal[value=/\\p{L}/u]",
    message: words,
  },
];

const layer = (files, forbidden, message) => ({
  files,
  rules: {
    "no-restricted-imports": ["error", { patterns: [{ regex: forbidden, message }] }],
  },
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/shared/api/schema.ts"] },
  {
    files: ["src/**/*.{ts,tsx}", "e2e/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { "react-hooks": hooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "no-restricted-syntax": ["error", ...syntax, ...text],
      "no-console": "error",
      "max-lines": ["error", 400],
      eqeqeq: ["error", "always"],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  layer(["src/config/**"], "^@/(app|features|shared)/", "config imports nothing of ours."),
  layer(["src/shared/**"], "^(@/(app|features)/|(\\.\\./){2,})", "shared knows no feature: app → features → shared."),
  layer(
    ["src/features/**"],
    "^(@/(app|features)/|(\\.\\./){2,})",
    "A feature imports shared and itself (relatively), never app or another feature.",
  ),
  // The account page is made of other features, each behind a lazy import of its index file.
  layer(["src/features/account/sections.ts"], "^@/(app/|features/[^/]+/.)", "Import a feature's index only."),
  {
    files: ["src/**/*.test.{ts,tsx}", "src/testing/**", "e2e/**"],
    rules: { "no-restricted-syntax": ["error", ...syntax], "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
