/** The evidence page of a violation; its content comes with its feature. */
export default function ViolationPage(_props: { accountId: string; violationId: string }) {
  return null;
}
