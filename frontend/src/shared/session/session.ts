import { type Grant, SessionEnded, type TokenSource, TokenUnavailable } from "./source";

export type SessionState = "starting" | "open" | "no_accounts" | "ended";

/** What the session needs of its surroundings; tests give their own. */
export interface SessionWorld {
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Calls back after `ms`; returns what cancels it. */
  readonly after: (ms: number, call: () => void) => () => void;
}

const REFRESH_AT = 0.8; // of a token's life
const JITTER = 0.1; // so that a shop full of open pages does not ask in one moment
const RETRY_MS = 5_000;

/**
 * Owns the bearer token, in memory only. One request at a time asks the source, however many wait.
 *
 * A failed renewal is no hiccup while the old token lives: it is tried again, and only a refusal
 * ends the session.
 */
export class Session {
  private grant: Grant | null = null;
  private bornAt = 0;
  private asking: Promise<Grant> | null = null;
  private cancelTimer: (() => void) | null = null;
  private readonly listeners = new Set<() => void>();
  private current: SessionState = "starting";

  constructor(
    private readonly source: TokenSource,
    private readonly world: SessionWorld,
  ) {}

  get state(): SessionState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A token that still lives. Throws SessionEnded, or TokenUnavailable when there is none for now. */
  async token(): Promise<string> {
    const living = this.living();
    if (living !== null) return living.token;
    return (await this.refresh()).token;
  }

  /** A token other than `refused`: the current one if it is newer, else a fresh one. */
  async tokenAfter(refused: string): Promise<string> {
    const living = this.living();
    if (living !== null && living.token !== refused) return living.token;
    if (this.grant?.token === refused) this.grant = null;
    return (await this.refresh()).token;
  }

  /** Called when the page is seen again: timers sleep in hidden tabs. */
  wake(): void {
    if (this.grant === null || !this.source.renewable) return;
    const age = this.world.now() - this.bornAt;
    if (age >= (this.grant.expiresAt - this.bornAt) * REFRESH_AT) void this.renewQuietly();
  }

  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  private living(): Grant | null {
    return this.grant !== null && this.world.now() < this.grant.expiresAt ? this.grant : null;
  }

  private refresh(): Promise<Grant> {
    if (this.current === "ended") return Promise.reject(new SessionEnded("used"));
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(): Promise<Grant> {
    try {
      const answer = await this.source.ask();
      if ("noAccounts" in answer) {
        this.move("no_accounts");
        throw new SessionEnded("missing");
      }
      this.grant = answer;
      this.bornAt = this.world.now();
      this.schedule((answer.expiresAt - this.bornAt) * (REFRESH_AT + (this.world.random() - 0.5) * JITTER));
      this.move("open");
      return answer;
    } catch (fault) {
      if (fault instanceof SessionEnded && this.current !== "no_accounts") this.end();
      throw fault;
    }
  }

  private end(): void {
    this.grant = null;
    this.stop();
    this.move("ended");
  }

  private schedule(ms: number): void {
    this.stop();
    if (!this.source.renewable) return;
    this.cancelTimer = this.world.after(Math.max(ms, 1_000), () => void this.renewQuietly());
  }

  private async renewQuietly(): Promise<void> {
    try {
      await this.refresh();
    } catch (fault) {
      if (fault instanceof TokenUnavailable) this.schedule(RETRY_MS * (1 + this.world.random()));
      else if (!(fault instanceof SessionEnded)) throw fault;
    }
  }

  private move(next: SessionState): void {
    if (next === this.current) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}

/** The browser's clock, chance and timers. */
export const browserWorld: SessionWorld = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
