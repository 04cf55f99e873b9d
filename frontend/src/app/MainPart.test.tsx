import { render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import { MainPart } from "./MainPart";

afterEach(() => document.body.replaceChildren());

function show(around: string) {
  document.body.innerHTML = around;
  const container = document.getElementById("onefunders-root");
  if (container === null) throw new Error("no root");
  render(<MainPart id="of-main">ours</MainPart>, { container });
}

describe("the main part", () => {
  it("is the page's main landmark where the page has none", () => {
    show('<div id="onefunders-root"></div>');
    expect(screen.getByRole("main").id).toBe("of-main");
  });

  it.each(['<main><div id="onefunders-root"></div></main>', '<div role="main"></div><div id="onefunders-root"></div>'])(
    "is no second landmark in %s",
    (around) => {
      show(around);
      expect(screen.getAllByRole("main")).toHaveLength(1);
      expect(document.getElementById("of-main")?.tagName).toBe("DIV");
    },
  );
});
