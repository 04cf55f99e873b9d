import { pageConfig, readEnv } from "@/config/env";
import { browserWorld, Session } from "@/shared/session/session";
import { sourceFor, takeCode } from "@/shared/session/source";

import { FirstAnswers, firstPaths } from "./firstAnswers";

/** What is begun before any of the page's own code is there: the session, and the first figures. */
function open() {
  const env = readEnv(pageConfig());
  const plain: typeof fetch = (input, init) => fetch(input, init);
  const session = new Session(sourceFor(env, takeCode(window.location, window.history), plain), browserWorld);
  const answers = new FirstAnswers(plain);
  const base = env.apiUrl === "" ? window.location.origin : env.apiUrl;
  for (const path of firstPaths(window.location.hash)) answers.ask(`${base}${path}`, session.token());
  return { env, session, fetcher: answers.fetch };
}

export const opening = open();
