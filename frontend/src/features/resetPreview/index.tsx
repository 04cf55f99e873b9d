import type { AccountView } from "@/shared/account";

/** Section of the account page; its content comes with its feature. */
export default function ResetPreview(_view: AccountView) {
  return null;
}
