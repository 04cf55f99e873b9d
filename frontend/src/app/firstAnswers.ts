import { addressOf } from "@/config/paths";

/** What the page of this address shows first. */
export function firstPaths(hash: string): readonly string[] {
  const { account, page } = addressOf(hash);
  if (account === null) return ["/api/accounts"];
  const first = [`/api/account/${account}/summary`];
  return page === "" ? [...first, `/api/account/${account}/rules`, "/api/accounts"] : [...first, "/api/accounts"];
}

/** Answers that are on their way before anybody has asked; each is given to the first who does. */
export class FirstAnswers {
  private readonly early = new Map<string, Promise<Response>>();

  constructor(private readonly fetcher: typeof fetch) {}

  ask(url: string, token: Promise<string>): void {
    const answer = this.send(url, token);
    answer.catch(() => undefined); // told to whoever asks, or to nobody
    this.early.set(url, answer);
  }

  fetch: typeof fetch = (input, init) => {
    const url = input instanceof Request && input.method === "GET" ? input.url : null;
    const answer = url === null ? undefined : this.early.get(url);
    if (url === null || answer === undefined) return this.fetcher(input, init);
    this.early.delete(url);
    return answer;
  };

  private async send(url: string, token: Promise<string>): Promise<Response> {
    const headers = { authorization: `Bearer ${await token}` };
    return this.fetcher(url, { headers, cache: "no-store", credentials: "omit" });
  }
}
