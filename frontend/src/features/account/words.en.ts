const en = {
  title: "Account {login}",
  instance: "Shown",
  current: "The account now",
  former: "{plan}, from {from} to {to}",
  former_note: "You are looking at an earlier life of this account. It stays as it ended.",
  back_to_now: "Show the account now",
} as const;

export default en;
