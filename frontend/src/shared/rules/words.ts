import { catalogue } from "../i18n";
import en from "./words.en";

export const ruleWords = catalogue(en, () => import("./words.fa"));
