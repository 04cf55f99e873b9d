import { catalogue } from "../i18n";
import en from "./words.en";

export const explainWords = catalogue(en, () => import("./words.fa"));
