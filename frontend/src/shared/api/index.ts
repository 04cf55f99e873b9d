export { useAccounts, useSummary } from "./accounts";
export { type Client, unwrap } from "./client";
export { useFollowing } from "./following";
export { keys } from "./keys";
export { usePollInterval } from "./polling";
export { ApiProblem, NetworkFault, type ProblemCode } from "./problem";
export { type Services, ServicesProvider, useClient, useLiveState, useServices, useSessionState } from "./services";
export { useSaveSettings, useSettings } from "./settings";
export type { AccountItem, Schemas, Settings, Summary } from "./types";
