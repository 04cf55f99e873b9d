const en = {
  title: "Account {login}",
} as const;

export default en;
