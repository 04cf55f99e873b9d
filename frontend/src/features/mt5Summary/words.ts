import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const mt5Words = catalogue(en, () => import("./words.fa"));
