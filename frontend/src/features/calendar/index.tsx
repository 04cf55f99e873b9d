import type { AccountView } from "@/shared/account";

/** Section of the account page; its content comes with its feature. */
export default function Calendar(_view: AccountView) {
  return null;
}
