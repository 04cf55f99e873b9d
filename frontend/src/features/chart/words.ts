import { catalogue } from "@/shared/i18n";

import en from "./words.en";

export const chartWords = catalogue(en, () => import("./words.fa"));
