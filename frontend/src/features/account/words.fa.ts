import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "حساب {login}",
};

export default fa;
