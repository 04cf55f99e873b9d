export { type Notice, noticeOf } from "./notice";
export { UpdatePassword } from "./UpdatePassword";
export { conditionWords } from "./words";
