import { describe, expect, it } from "vitest";

import { FirstAnswers, firstPaths } from "./firstAnswers";

describe("first answers", () => {
  it.each([
    ["", ["/api/accounts"]],
    ["#/", ["/api/accounts"]],
    ["#/account/a%20b?instance=2", ["/api/account/a%20b/summary", "/api/account/a%20b/rules", "/api/accounts"]],
    ["#/account/7/trades?page=2", ["/api/account/7/summary", "/api/accounts"]],
  ])("of %s are what its page shows first", (hash, paths) => {
    expect(firstPaths(hash)).toEqual(paths);
  });

  it("are given once, to whoever asks for the same address", async () => {
    const asked: string[] = [];
    const answers = new FirstAnswers((input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response(`answer ${asked.length}`));
    });
    answers.ask("http://a.test/x", Promise.resolve("t"));
    const get = async (url: string): Promise<string> => (await answers.fetch(new Request(url))).text();
    expect([await get("http://a.test/y"), await get("http://a.test/x"), await get("http://a.test/x")]).toEqual(["answer 1", "answer 2", "answer 3"]);
    expect(asked).toEqual(["http://a.test/y", "http://a.test/x", "http://a.test/x"]);
  });

  it("tells why there was none to whoever asks", async () => {
    const answers = new FirstAnswers(() => Promise.reject(new TypeError("gone")));
    answers.ask("http://a.test/x", Promise.resolve("t"));
    await expect(answers.fetch(new Request("http://a.test/x"))).rejects.toThrow("gone");
  });
});
