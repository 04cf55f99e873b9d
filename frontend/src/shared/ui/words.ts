import { catalogue } from "../i18n/catalogue";
import en from "./words.en";

export const uiWords = catalogue(en, () => import("./words.fa"));
