import { catalogue } from "../i18n";
import en from "./words.en";

export const verdictWords = catalogue(en, () => import("./words.fa"));
