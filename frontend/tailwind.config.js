const token = (name) => `rgb(var(--of-${name}) / <alpha-value>)`;

/** @type {import("tailwindcss").Config} */
export default {
  content: ["./index.html", "./src/**/*.{ts,tsx}"],
  important: "#onefunders-root", // utilities win over a WordPress theme and touch nothing outside
  corePlugins: { preflight: false }, // src/shared/theme/preflight.css, inside the root only
  darkMode: ["selector", ".of-dark"],
  theme: {
    colors: {
      transparent: "transparent",
      current: "currentColor",
      canvas: token("canvas"),
      surface: token("surface"),
      raised: token("raised"),
      sunken: token("sunken"),
      line: token("line"),
      edge: token("edge"), // the border of a control: 3:1 against its surroundings
      ink: token("ink"),
      muted: token("muted"),
      faint: token("faint"),
      accent: token("accent"),
      "accent-soft": token("accent-soft"),
      "on-accent": token("on-accent"),
      ok: token("ok"),
      "ok-soft": token("ok-soft"),
      warn: token("warn"),
      "warn-soft": token("warn-soft"),
      crit: token("crit"),
      "crit-soft": token("crit-soft"),
      bad: token("bad"),
      "bad-soft": token("bad-soft"),
    },
    extend: {
      fontFamily: { sans: "var(--of-font)", mono: "var(--of-mono)" },
      fontSize: {
        "2xs": ["0.6875rem", "1rem"],
        figure: ["1.75rem", "2.125rem"],
      },
      borderRadius: { card: "0.875rem" },
      boxShadow: { card: "var(--of-shadow-card)", pop: "var(--of-shadow-pop)" },
      screens: { xs: "420px" },
      keyframes: { pulse: { "50%": { opacity: "0.55" } } },
    },
  },
  plugins: [],
};
