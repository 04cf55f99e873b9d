import { beforeEach, describe, expect, it } from "vitest";

import { Session } from "./session";
import { type Answer, readAnswer, SessionEnded, takeCode, type TokenSource, TokenUnavailable } from "./source";

const LIFE = 900_000;

/** A source whose answers the test gives one by one, and a clock that the test moves. */
function stage(renewable = true) {
  let now = 0;
  const asked: { give: (answer: Answer) => void; refuse: (fault: Error) => void }[] = [];
  const timers: { at: number; call: () => void }[] = [];
  const source: TokenSource = {
    renewable,
    ask: () => new Promise((give, refuse) => asked.push({ give, refuse })),
  };
  const session = new Session(source, {
    now: () => now,
    random: () => 0.5,
    after: (ms, call) => {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  const give = async (token: string): Promise<void> => {
    asked.at(-1)!.give({ token, expiresAt: now + LIFE });
    await settle();
  };
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.call();
    }
    await settle();
  };
  return { session, asked, give, pass, settle };
}

describe("Session", () => {
  let s: ReturnType<typeof stage>;
  beforeEach(() => {
    s = stage();
  });

  it("asks once, however many requests wait", async () => {
    const tokens = Promise.all([s.session.token(), s.session.token(), s.session.tokenAfter("old")]);
    await s.give("t1");
    expect(await tokens).toEqual(["t1", "t1", "t1"]);
    expect(s.asked).toHaveLength(1);
  });

  it("renews at 80 % of the token's life, and keeps giving the old token meanwhile", async () => {
    void s.session.token();
    await s.give("t1");
    await s.pass(LIFE * 0.79);
    expect(s.asked).toHaveLength(1);
    await s.pass(LIFE * 0.01);
    expect(s.asked).toHaveLength(2);
    expect(await s.session.token()).toBe("t1");
    await s.give("t2");
    expect(await s.session.token()).toBe("t2");
  });

  it("asks once for two requests whose token was refused, and not at all if it is newer by then", async () => {
    void s.session.token();
    await s.give("t1");
    const both = Promise.all([s.session.tokenAfter("t1"), s.session.tokenAfter("t1")]);
    await s.give("t2");
    expect(await both).toEqual(["t2", "t2"]);
    expect(await s.session.tokenAfter("t1")).toBe("t2");
    expect(s.asked).toHaveLength(2);
  });

  it("goes on with the old token when a renewal finds nobody, and tries again", async () => {
    void s.session.token();
    await s.give("t1");
    await s.pass(LIFE * 0.8);
    s.asked.at(-1)!.refuse(new TokenUnavailable(503));
    await s.settle();
    expect(s.session.state).toBe("open");
    await s.pass(8_000);
    expect(s.asked).toHaveLength(3);
    await s.give("t2");
    expect(await s.session.token()).toBe("t2");
  });

  it("ends when the source refuses, and asks no more", async () => {
    void s.session.token();
    await s.give("t1");
    const refused = s.session.tokenAfter("t1");
    s.asked.at(-1)!.refuse(new SessionEnded("refused"));
    await expect(refused).rejects.toBeInstanceOf(SessionEnded);
    expect(s.session.state).toBe("ended");
    await expect(s.session.token()).rejects.toBeInstanceOf(SessionEnded);
    expect(s.asked).toHaveLength(2);
  });

  it("renews when a page that slept is seen again", async () => {
    const slept = stage();
    void slept.session.token();
    await slept.give("t1");
    slept.session.stop(); // timers do not run in a sleeping tab
    await slept.pass(LIFE * 0.9);
    slept.session.wake();
    expect(slept.asked).toHaveLength(2);
  });

  it("never renews by itself where the source cannot be asked twice", async () => {
    const once = stage(false);
    void once.session.token();
    await once.give("t1");
    await once.pass(LIFE * 0.95);
    once.session.wake();
    expect(once.asked).toHaveLength(1);
  });

  it("tells a user without any account", async () => {
    const waiting = s.session.token();
    s.asked[0]!.give({ noAccounts: true });
    await expect(waiting).rejects.toBeInstanceOf(SessionEnded);
    expect(s.session.state).toBe("no_accounts");
  });
});

describe("readAnswer", () => {
  it.each([
    [{ token: "t", expires_at: "2026-11-24T12:00:00Z" }, { token: "t", expiresAt: Date.UTC(2026, 10, 24, 12) }],
    [{ success: true, data: { token: "t", expires_at: "2026-11-24T12:00:00Z" } }, { token: "t", expiresAt: Date.UTC(2026, 10, 24, 12) }],
    [{ no_accounts: true }, { noAccounts: true }],
    [{ success: true, data: { no_accounts: true } }, { noAccounts: true }],
    [0, null],
    [-1, null],
    [{ token: "", expires_at: "2026-11-24T12:00:00Z" }, null],
    [{ token: "t", expires_at: "soon" }, null],
  ])("%j", (body, answer) => {
    expect(readAnswer(body)).toEqual(answer);
  });
});

describe("takeCode", () => {
  it("takes the code out of the address", () => {
    window.history.replaceState(null, "", "/page#code=abc-_1");
    expect(takeCode(window.location, window.history)).toBe("abc-_1");
    expect(window.location.href).not.toContain("abc");
    expect(window.location.hash).toBe("#/");
  });

  it("leaves a route alone", () => {
    window.history.replaceState(null, "", "/page#/account/1");
    expect(takeCode(window.location, window.history)).toBeNull();
    expect(window.location.hash).toBe("#/account/1");
  });
});
