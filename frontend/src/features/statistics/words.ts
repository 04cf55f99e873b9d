import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const statisticsWords = catalogue(en, () => import("./words.fa"));
