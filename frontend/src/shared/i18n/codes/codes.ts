import type { Schemas } from "@/shared/api/types";

import { catalogue } from "../catalogue";
import { useWords, type Words } from "../useWords";
import en from "./en";

type Code =
  | `connection.${Schemas["ConnectionState"]}`
  | `status.${Schemas["Status"]}`
  | `outcome.${Schemas["Outcome"]}`
  | `tier.${Schemas["Tier"]}`
  | `level.${Schemas["Level"]}`
  | `rule.${Schemas["RuleState"]}`
  | `proof.${Schemas["Proof"]}`
  | `grade.${Schemas["AnchorGrade"]}`
  | `error.${Schemas["Code"]}`;

/** A text for every code of the API's enums. */
export type ServerCodes = Readonly<Record<Code, string>>;

const words = catalogue<ServerCodes>(en, () => import("./fa"));

/** Words for the server's codes: `codes("connection.ready")`, `codes(\`tier.${summary.tier}\`)`. */
export const useCodes = (): Words<ServerCodes> => useWords(words);
