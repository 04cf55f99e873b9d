import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import { keys, type Schemas, type Summary } from "@/shared/api";
import { ACCOUNT, aSummary, anAccount, INSTANCE, NOW } from "@/testing/builders";

import { applySummaries, isNewer } from "./apply";
import { LiveChannel, reconnectDelay, type Socket } from "./channel";
import { type LiveSummary, readMessage } from "./messages";

class FakeSocket implements Socket {
  readonly sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  tell(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function stage() {
  const sockets: FakeSocket[] = [];
  let timers: { ms: number; call: () => void }[] = [];
  const told: { summaries: LiveSummary[][]; resyncs: number } = { summaries: [], resyncs: 0 };
  let token = "t1";
  const channel = new LiveChannel(
    {
      open: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      random: () => 0.5,
      after: (ms, call) => {
        const timer = { ms, call };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
      token: () => Promise.resolve(token),
      freshToken: () => {
        token = "t2";
        return Promise.resolve(token);
      },
    },
    {
      summaries: (messages) => told.summaries.push([...messages]),
      violation: () => undefined,
      state: () => undefined,
      resync: () => {
        told.resyncs += 1;
      },
    },
  );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  const runTimers = async (): Promise<void> => {
    const due = timers;
    timers = [];
    for (const { call } of due) call();
    await settle();
  };
  const open = async (): Promise<FakeSocket> => {
    channel.follow([ACCOUNT]);
    await settle();
    const socket = sockets.at(-1)!;
    socket.onopen?.();
    socket.tell({ type: "ready", expires_at: NOW, server_now: NOW });
    return socket;
  };
  return { channel, sockets, told, settle, runTimers, open };
}

const summary = (rev: number): unknown => ({ type: "summary", account_id: ACCOUNT, rev, data: aSummary({ rev }) });

describe("LiveChannel", () => {
  it("sends the token first, in a message and never in the address, then its accounts", async () => {
    const s = stage();
    const socket = await s.open();
    expect(socket.sent).toEqual([
      { type: "auth", token: "t1" },
      { type: "subscribe", account_ids: [ACCOUNT] },
    ]);
    expect(s.channel.state).toBe("open");
  });

  it("tells many messages at once, the newest of each account only, whatever their order", async () => {
    const s = stage();
    const socket = await s.open();
    for (const rev of [2, 4, 3]) socket.tell(summary(rev));
    expect(s.told.summaries).toHaveLength(0);
    await s.runTimers();
    expect(s.told.summaries.map((batch) => batch.map(({ rev }) => rev))).toEqual([[4]]);
  });

  it("sends a fresh token over the same socket", async () => {
    const s = stage();
    const socket = await s.open();
    socket.tell({ type: "auth_expiring", expires_at: NOW });
    await s.settle();
    expect(socket.sent.at(-1)).toEqual({ type: "auth", token: "t2" });
    expect(s.sockets).toHaveLength(1);
  });

  it("opens another socket after a loss, and then asks for everything anew", async () => {
    const s = stage();
    const socket = await s.open();
    expect(s.told.resyncs).toBe(0);
    socket.onclose?.();
    expect(s.channel.state).toBe("waiting");
    await s.runTimers();
    const next = s.sockets.at(-1)!;
    expect(next).not.toBe(socket);
    next.onopen?.();
    next.tell({ type: "ready", expires_at: NOW, server_now: NOW });
    expect(s.told.resyncs).toBe(1);
  });

  it("passes on the server's resync", async () => {
    const s = stage();
    (await s.open()).tell({ type: "resync" });
    expect(s.told.resyncs).toBe(1);
  });

  it("closes its socket when told to rest, and does not come back by itself", async () => {
    const s = stage();
    const socket = await s.open();
    s.channel.stop();
    socket.onclose?.();
    await s.runTimers();
    expect(socket.closed).toBe(true);
    expect(s.sockets).toHaveLength(1);
    expect(s.channel.state).toBe("off");
  });
});

describe("reconnectDelay", () => {
  it("lies between 1 s and a ceiling that doubles up to 30 s", () => {
    expect(reconnectDelay(0, 0)).toBe(1_000);
    expect(reconnectDelay(0, 1)).toBe(2_000);
    expect(reconnectDelay(3, 1)).toBe(16_000);
    expect(reconnectDelay(50, 1)).toBe(30_000);
    expect(reconnectDelay(50, 0)).toBe(1_000);
  });
});

describe("readMessage", () => {
  it.each([
    ["no JSON"],
    ["[]"],
    ['{"type":"toString"}'],
    ['{"type":"summary","account_id":"a","rev":1,"data":null}'],
    [JSON.stringify({ type: "summary", account_id: "another", rev: 1, data: aSummary() })],
    [JSON.stringify({ type: "violation", account_id: ACCOUNT, rev: 1 })],
  ])("drops what is not whole: %s", (frame) => {
    expect(readMessage(frame)).toBeNull();
  });

  it("reads a whole summary", () => {
    expect(readMessage(JSON.stringify(summary(7)))).toMatchObject({ type: "summary", rev: 7 });
  });
});

describe("applySummaries", () => {
  const seen = (client: QueryClient): number[] => [
    client.getQueryData<Summary>(keys.part(ACCOUNT, "summary"))!.rev,
    client.getQueryData<Schemas["AccountList"]>(keys.accounts)!.accounts[0]!.summary.rev,
  ];
  const filled = (): QueryClient => {
    const client = new QueryClient();
    client.setQueryData(keys.part(ACCOUNT, "summary"), aSummary({ rev: 5 }));
    client.setQueryData(keys.accounts, { accounts: [anAccount({}, { rev: 5 })], server_now: NOW });
    return client;
  };

  it("never replaces a newer state by an older one", () => {
    const client = filled();
    applySummaries(client, [aSummary({ rev: 4, equity_current: 1 })]);
    expect(seen(client)).toEqual([5, 5]);
    applySummaries(client, [aSummary({ rev: 6 })]);
    expect(seen(client)).toEqual([6, 6]);
  });

  it("lets another life begin its counting anew, if it is the later one", () => {
    const next = aSummary({ rev: 1, instance_id: ACCOUNT, server_now: "2026-11-24T12:00:01Z" });
    expect(isNewer(aSummary({ rev: 5 }), next)).toBe(true);
    expect(isNewer(next, aSummary({ rev: 9, instance_id: INSTANCE }))).toBe(false);
  });
});
