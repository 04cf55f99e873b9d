import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** The repository; tests run in frontend/. */
export const ROOT = resolve(process.cwd(), "..");

export interface CastAccount {
  readonly user: number;
  readonly login: string;
  readonly plan: string;
  readonly account_id: string;
}

interface Ready {
  readonly url: string;
  readonly users: { readonly alice: number; readonly bob: number; readonly nobody: number };
  readonly accounts: readonly CastAccount[];
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The real server with a simulated broker (tests/e2e/stage.py): commands go in, answers come out. */
export class Stage {
  private before: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly process: ChildProcessByStdio<Writable, Readable, null>,
    private readonly lines: AsyncIterator<string>,
    private readonly folder: string,
    readonly ready: Ready,
  ) {}

  static async start(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "onefunders-e2e-"));
    const child = spawn(join(ROOT, ".venv/bin/python"), ["-m", "tests.e2e.stage", folder], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { ready } = (await read(lines)) as { ready: Ready };
    return new Stage(child, lines, folder, ready);
  }

  account(login: string): CastAccount {
    const found = this.ready.accounts.find((one) => one.login === login);
    if (found === undefined) throw new Error(`the stage has no account ${login}`);
    return found;
  }

  /** A one-time code for the dashboard's link. */
  async code(user: number): Promise<string> {
    return ((await this.ask({ do: "code", user })) as { code: string }).code;
  }

  /** A token as the shop gets it; `seconds` = how long it lives, absent = as usual. */
  async token(user: number, seconds?: number): Promise<{ token: string; expires_at: string }> {
    return (await this.ask({ do: "token", user, ...(seconds !== undefined && { seconds }) })) as { token: string; expires_at: string };
  }

  async read(user: number, path: string): Promise<Answer> {
    return (await this.ask({ do: "read", user, path })) as Answer;
  }

  async shop(method: string, path: string, body?: unknown): Promise<Answer> {
    return (await this.ask({ do: "shop", method, path, body })) as Answer;
  }

  /** Lets the account fall through its daily floor. */
  async breach(login: string): Promise<void> {
    await this.ask({ do: "breach", login });
  }

  /** When the account's newest breach was committed; null = not yet. */
  async commit(account: string): Promise<number | null> {
    return ((await this.ask({ do: "commit", account_id: account })) as { at: number | null }).at;
  }

  async log(): Promise<string> {
    return ((await this.ask({ do: "log" })) as { text: string }).text;
  }

  async stopServer(): Promise<void> {
    await this.ask({ do: "stop" });
  }

  async startServer(): Promise<void> {
    await this.ask({ do: "start" });
  }

  async end(): Promise<void> {
    const over = new Promise((done) => this.process.once("exit", done));
    this.process.stdin.end();
    await over;
    await rm(this.folder, { recursive: true, force: true });
  }

  private ask(command: unknown): Promise<unknown> {
    const turn = this.before.then(async () => {
      this.process.stdin.write(`${JSON.stringify(command)}\n`);
      return read(this.lines);
    });
    this.before = turn.catch(() => null);
    return turn;
  }
}

async function read(lines: AsyncIterator<string>): Promise<unknown> {
  const line = await lines.next();
  if (line.done === true) throw new Error("the stage ended; its words are above");
  return JSON.parse(line.value) as unknown;
}
