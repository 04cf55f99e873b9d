import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const tradesWords = catalogue(en, () => import("./words.fa"));
