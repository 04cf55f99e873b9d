/** The page of /account/:id/settings; its content comes with its feature. */
export default function SettingsPage(_props: { accountId: string }) {
  return null;
}
