import type { components } from "./schema";

/** The schemas of the API, by name. No type of the API is written by hand. */
export type Schemas = components["schemas"];
export type AccountItem = Schemas["AccountItem"];
export type Summary = Schemas["SummaryReply"];
export type Settings = Schemas["Settings"];
