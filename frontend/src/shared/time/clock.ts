/**
 * The server's clock as this page knows it, and one ticker for every age and countdown.
 *
 * The difference to our own clock is taken from `server_now` of each answer; ages and countdowns
 * use the server's time, so a wrong phone clock shows no wrong age.
 */
let offset = 0;
let known = false;

/** Learn from an answer. `server_now` is when it was made, so it lags by the way back only. */
export function learnServerTime(serverNow: string, receivedAt: number = Date.now()): void {
  const at = Date.parse(serverNow);
  if (Number.isNaN(at)) return;
  const seen = at - receivedAt;
  // The least delayed answer is nearest the truth; a jump of seconds means a clock was set.
  offset = !known || seen > offset || offset - seen > 3_000 ? seen : offset;
  known = true;
}

/** Server time now, in milliseconds. */
export const serverNow = (): number => Date.now() + offset;

type Listener = () => void;

/** Ticks its listeners on whole multiples of a period while the page is visible. */
class Ticker {
  private readonly listeners = new Set<Listener>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private at = serverNow();

  constructor(private readonly periodMs: number) {}

  subscribe = (listener: Listener): Listener => {
    this.listeners.add(listener);
    if (this.timer === null) {
      this.at = serverNow();
      this.timer = setInterval(this.tick, this.periodMs);
      document.addEventListener("visibilitychange", this.tick);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0 || this.timer === null) return;
      clearInterval(this.timer);
      document.removeEventListener("visibilitychange", this.tick);
      this.timer = null;
    };
  };

  read = (): number => this.at;

  private tick = (): void => {
    if (document.hidden) return;
    this.at = serverNow();
    for (const listener of this.listeners) listener();
  };
}

export const seconds = new Ticker(1_000);
export const halfMinutes = new Ticker(30_000);
