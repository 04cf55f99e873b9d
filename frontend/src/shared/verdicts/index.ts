export { useAnchorSource } from "./anchorSource";
export { useGradeWords, VerdictPill } from "./VerdictPill";
