import { useEffect } from "react";

import { useServices } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Button, ButtonLink, Card, Empty, Page } from "@/shared/ui";

import { MainPart } from "./MainPart";
import { appWords } from "./words";

/** The token cannot be renewed any more: say so, show no figure, and offer the way back in. */
export function SessionOver() {
  const t = useWords(appWords);
  const { env, live } = useServices();
  useEffect(() => live.stop(), [live]);
  const reload = <Button kind="primary" onClick={() => window.location.reload()}>{t("reload")}</Button>;
  const reopen = env.reopenUrl === null ? null : <ButtonLink kind="primary" href={env.reopenUrl}>{t("reopen")}</ButtonLink>;
  return (
    <MainPart className="grid min-h-[60vh] place-items-center p-4">
      <Page title={t("ended_title")} hideTitle>
        <Card className="max-w-md">
          <Empty icon="clock" title={t("ended_title")} action={env.ajax === null ? reopen : reload}>
            <p>{t("ended_text")}</p>
            {env.ajax === null && reopen === null && <p className="mt-2">{t("missing_text")}</p>}
          </Empty>
        </Card>
      </Page>
    </MainPart>
  );
}

/** A user of the shop without any account. */
export function NoAccounts() {
  const t = useWords(appWords);
  const { env } = useServices();
  return (
    <Page title={t("empty_title")} hideTitle>
      <Card>
        <Empty
          icon="grid"
          title={t("empty_title")}
          action={env.shopUrl !== null && <ButtonLink kind="primary" href={env.shopUrl}>{t("to_shop")}</ButtonLink>}
        >
          {t("empty_text")}
        </Empty>
      </Card>
    </Page>
  );
}
