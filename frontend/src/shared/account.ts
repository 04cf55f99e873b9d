/** What every section of the account page is given. */
export interface AccountView {
  readonly accountId: string;
  /** An older instance that the reader looks at; null = the current one. */
  readonly instance: string | null;
}
