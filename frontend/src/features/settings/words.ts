import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const settingsWords = catalogue(en, () => import("./words.fa"));
