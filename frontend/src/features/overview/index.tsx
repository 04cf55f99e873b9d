/** The page of /: all accounts. */
export default function OverviewPage() {
  return null;
}
