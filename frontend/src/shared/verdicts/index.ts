export { useGradeWords, VerdictPill } from "./VerdictPill";
