import { catalogue } from "../i18n";
import en from "./words.en";

export const conditionWords = catalogue(en, () => import("./words.fa"));
