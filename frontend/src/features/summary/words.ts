import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const summaryWords = catalogue(en, () => import("./words.fa"));
