import type { Schemas } from "../api/types";
import { type LiveRequest, type LiveSummary, readMessage } from "./messages";

export type LiveState = "off" | "connecting" | "open" | "waiting";

/** The part of a WebSocket that the channel uses. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface LiveWorld {
  readonly open: () => Socket;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly after: (ms: number, call: () => void) => () => void;
  readonly token: () => Promise<string>;
  /** A token that is newer than the one in use, for `auth_expiring`. */
  readonly freshToken: (used: string) => Promise<string>;
}

export interface LiveEvents {
  /** At most four times a second, newest summary per account. */
  summaries(messages: readonly LiveSummary[]): void;
  /** At least once each: look at its id before telling the reader. */
  violation(violation: Schemas["ViolationItem"]): void;
  state(account: string): void;
  /** Something may have been missed: ask for everything anew. */
  resync(): void;
}

const FLUSH_MS = 250; // four renders a second
const LEAST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 30_000;

/** Full jitter between 1 s and 1, 2, 4 … 30 s. */
export function reconnectDelay(attempt: number, random: number): number {
  const ceiling = Math.min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** (attempt + 1));
  return LEAST_WAIT_MS + random * (ceiling - LEAST_WAIT_MS);
}

/** One socket per tab. It only speeds up what polling finds anyway. */
export class LiveChannel {
  private socket: Socket | null = null;
  private used = "";
  private attempt = 0;
  private everOpen = false;
  private accounts: readonly string[] = [];
  private readonly waiting = new Map<string, LiveSummary>();
  private cancelFlush: (() => void) | null = null;
  private cancelRetry: (() => void) | null = null;
  private readonly listeners = new Set<() => void>();
  private current: LiveState = "off";

  constructor(
    private readonly world: LiveWorld,
    private readonly events: LiveEvents,
  ) {}

  get state(): LiveState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Follow these accounts from now on. */
  follow(accounts: readonly string[]): void {
    const same = accounts.length === this.accounts.length && accounts.every((id, i) => id === this.accounts[i]);
    if (same) return;
    this.accounts = [...accounts];
    if (this.current === "open") this.subscribeAccounts();
    else if (this.current === "off") void this.connect();
  }

  /** Rest while the page is hidden; `follow` again to go on. */
  stop(): void {
    this.accounts = [];
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.cancelFlush?.();
    this.cancelFlush = null;
    this.waiting.clear();
    const open = this.socket;
    this.socket = null;
    open?.close();
    this.move("off");
  }

  private async connect(): Promise<void> {
    this.move("connecting");
    try {
      this.used = await this.world.token();
    } catch {
      this.retry(); // the session tells the reader what is wrong
      return;
    }
    if (this.state !== "connecting") return;
    const socket = this.world.open();
    this.socket = socket;
    socket.onopen = () => {
      this.say({ type: "auth", token: this.used });
      this.subscribeAccounts();
    };
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.retry();
    };
  }

  private subscribeAccounts(): void {
    this.say({ type: "subscribe", account_ids: [...this.accounts] });
  }

  private say(request: LiveRequest): void {
    this.socket?.send(JSON.stringify(request));
  }

  private opened(): void {
    if (this.current === "open") return; // ready comes again after each fresh token
    this.attempt = 0; // an answer, not the handshake, proves the way
    this.move("open");
    if (this.everOpen) this.events.resync(); // what happened in between was missed
    this.everOpen = true;
  }

  private retry(): void {
    if (this.current === "off") return;
    this.move("waiting");
    const delay = reconnectDelay(this.attempt, this.world.random());
    this.attempt += 1;
    this.cancelRetry = this.world.after(delay, () => {
      this.cancelRetry = null;
      void this.connect();
    });
  }

  private receive(frame: unknown): void {
    const message = readMessage(frame);
    if (message === null) return;
    switch (message.type) {
      case "ready":
        this.opened();
        return;
      case "summary":
        this.keep(message);
        return;
      case "violation":
        this.events.violation(message.data);
        return;
      case "state":
        this.events.state(message.account_id);
        return;
      case "resync":
        this.events.resync();
        return;
      case "auth_expiring":
        void this.reauthorize();
        return;
      case "refused":
        return; // not ours (any more): polling tells
    }
  }

  private keep(message: LiveSummary): void {
    const known = this.waiting.get(message.account_id);
    if (known !== undefined && known.rev > message.rev) return;
    this.waiting.set(message.account_id, message);
    this.cancelFlush ??= this.world.after(FLUSH_MS, () => {
      this.cancelFlush = null;
      const all = [...this.waiting.values()];
      this.waiting.clear();
      this.events.summaries(all);
    });
  }

  private async reauthorize(): Promise<void> {
    const socket = this.socket;
    try {
      this.used = await this.world.freshToken(this.used);
      if (socket === this.socket) this.say({ type: "auth", token: this.used });
    } catch {
      // no fresh token: the server closes the socket, and polling says what is wrong
    }
  }

  private move(next: LiveState): void {
    if (next === this.current) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}
