import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const calendarWords = catalogue(en, () => import("./words.fa"));
