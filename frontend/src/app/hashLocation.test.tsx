import { act, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Link, Route, Router, useLocation, useSearch } from "wouter";

import { useHashLocation } from "./hashLocation";

afterEach(() => window.history.replaceState(null, "", "/"));

function Probe() {
  const [path, navigate] = useLocation();
  return (
    <>
      <output>{`${path}|${useSearch()}`}</output>
      <button onClick={() => navigate("/account/1/trades?symbol=EURUSD%2B")}>go</button>
      <Link href="/settings">link</Link>
      <Route path="/account/:id/trades">{({ id }) => <i>{`trades of ${id}`}</i>}</Route>
    </>
  );
}

describe("an address in the hash", () => {
  it("keeps the query inside the hash and the page's own query alone", () => {
    window.history.replaceState(null, "", "/my-account/?page_id=7#/");
    render(
      <Router hook={useHashLocation}>
        <Probe />
      </Router>,
    );
    act(() => screen.getByRole("button").click());
    expect(screen.getByRole("status").textContent).toBe("/account/1/trades|symbol=EURUSD%2B");
    expect(screen.getByText("trades of 1")).toBeTruthy();
    expect(window.location.search).toBe("?page_id=7");
    expect(window.location.hash).toBe("#/account/1/trades?symbol=EURUSD%2B");
    expect(screen.getByRole("link").getAttribute("href")).toBe("#/settings");
  });

  it("leaves the query behind when the next page has none", () => {
    window.history.replaceState(null, "", "/#/account/1/trades?page=2");
    render(
      <Router hook={useHashLocation}>
        <Probe />
      </Router>,
    );
    expect(screen.getByRole("status").textContent).toBe("/account/1/trades|page=2");
    act(() => screen.getByRole("link").click());
    expect(screen.getByRole("status").textContent).toBe("/settings|");
  });
});
