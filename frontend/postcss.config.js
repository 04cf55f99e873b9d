import tailwindcss from "tailwindcss";

/** Turns rem into our own unit, so that a theme's `html { font-size: 62.5% }` does not shrink us. */
const ownRem = {
  postcssPlugin: "own-rem",
  OnceExit(root) {
    root.walkDecls((decl) => {
      if (decl.prop === "--of-rem" || !decl.value.includes("rem")) return;
      decl.value = decl.value.replace(/(?<![\w.])(-?\d*\.?\d+)rem\b/g, "calc($1*var(--of-rem))");
    });
  },
};

/** Keeps the defaults of Tailwind's own variables inside our root, at no weight. */
const ownDefaults = {
  postcssPlugin: "own-defaults",
  OnceExit(root) {
    root.walkRules((rule) => {
      if (rule.selector.replaceAll(/\s/g, "") === "*,::before,::after") {
        rule.selector = ":where(#onefunders-root,#onefunders-root *),:where(#onefunders-root *)::before,:where(#onefunders-root *)::after";
      } else if (rule.selector === "::backdrop") rule.remove();
    });
  },
};

export default { plugins: [tailwindcss(), ownRem, ownDefaults] };
