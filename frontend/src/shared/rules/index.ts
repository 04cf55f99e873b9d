export { Amount } from "./Amount";
export { useRuleName } from "./useRuleName";
export { useRules } from "./useRules";
