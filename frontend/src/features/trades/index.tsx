/** The page of /account/:id/trades; its content comes with its feature. */
export default function TradesPage(_props: { accountId: string }) {
  return null;
}
