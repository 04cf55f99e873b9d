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

export default { plugins: [tailwindcss(), ownRem] };
