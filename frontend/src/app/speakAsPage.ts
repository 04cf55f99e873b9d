import type { Env } from "@/config/env";
import { hasChosen, suppose } from "@/shared/i18n";

/** A reader who has chosen nothing gets the language of the page around us, for as long as it is open. */
export function speakAsPage(env: Pick<Env, "language">): void {
  if (env.language !== null && !hasChosen()) suppose({ language: env.language });
}
