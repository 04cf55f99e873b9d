export { Amount } from "./Amount";
export { StandingPill } from "./StandingPill";
export { useRuleName } from "./useRuleName";
export { useRules } from "./useRules";
