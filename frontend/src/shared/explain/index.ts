export { Explain, type ExplainProps } from "./Explain";
