/** The colours of the page's theme, as the canvas needs them. */
export interface Palette {
  readonly equity: string;
  readonly band: string;
  readonly balance: string;
  readonly daily: string;
  readonly overall: string;
  readonly initial: string;
  readonly gap: string;
  readonly gapGround: string;
  readonly known: string;
  readonly grid: string;
  readonly text: string;
  readonly ground: string;
  readonly label: string;
  readonly good: string;
  readonly bad: string;
  readonly font: string;
}

/** Reads the theme at an element: the variables are set where our styles hold. */
export function paletteAt(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string, opacity = 1): string => {
    const [red = "0", green = "0", blue = "0"] = style.getPropertyValue(`--of-${name}`).trim().split(/\s+/);
    return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
  };
  return {
    equity: colour("accent"),
    band: colour("accent", 0.18),
    balance: colour("muted"),
    daily: colour("warn"),
    overall: colour("bad"),
    initial: colour("faint", 0.8),
    gap: colour("faint", 0.45),
    gapGround: colour("sunken", 0.7),
    known: colour("accent", 0.35),
    grid: colour("line", 0.7),
    text: colour("muted"),
    ground: colour("surface"),
    label: colour("ink"),
    good: colour("ok"),
    bad: colour("bad"),
    font: style.fontFamily,
  };
}
