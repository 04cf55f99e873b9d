export { catalogue, type Catalogue, type Entries, type Translation } from "./catalogue";
export { choose, getPreferences, hasChosen, type Preferences, suppose, usePreferences } from "./preferences";
export { useWords, type Words } from "./useWords";
