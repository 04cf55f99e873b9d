import { useAccounts } from "@/shared/api";

/** Login and activity of an account, from the list of all; null until it is here. */
export function useAccountName(accountId: string): { login: string; isActive: boolean } | null {
  const item = useAccounts().data?.accounts.find((one) => one.account_id === accountId);
  return item === undefined ? null : { login: item.login, isActive: item.is_active };
}
