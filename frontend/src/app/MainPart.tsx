import { type HTMLAttributes, useState } from "react";

const ROOT_ID = "onefunders-root";

/** Whether the page around us, such as a shop's theme, has a main part of its own. */
function pageHasMain(): boolean {
  const root = document.getElementById(ROOT_ID);
  return [...document.querySelectorAll("main, [role=main]")].some((one) => root === null || !root.contains(one));
}

/** The main part of the page: a page has one, so inside a theme's it is a plain box. */
export function MainPart(props: HTMLAttributes<HTMLElement>) {
  const [inside] = useState(pageHasMain);
  return inside ? <div {...props} /> : <main {...props} />;
}
