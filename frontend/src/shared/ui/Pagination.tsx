import { numberText } from "../format/number";
import { usePreferences } from "../i18n/preferences";
import { useWords } from "../i18n/useWords";
import { Button } from "./Button";
import { uiWords } from "./words";

interface PaginationProps {
  page: number;
  limit: number;
  total: number;
  onPage: (page: number) => void;
  /** The page shown is the previous one while the next is on its way. */
  busy?: boolean;
}

/** Which rows are shown of how many, and the ways to the neighbours. */
export function Pagination({ page, limit, total, onPage, busy = false }: PaginationProps) {
  const t = useWords(uiWords);
  const reader = usePreferences();
  const pages = Math.max(1, Math.ceil(total / limit));
  const from = total === 0 ? 0 : (page - 1) * limit + 1;
  const shown = { from, to: Math.min(page * limit, total), total };
  return (
    <nav aria-label={t("pages")} aria-busy={busy} className="flex flex-wrap items-center justify-between gap-3">
      <p className="figure text-sm text-muted" role="status">
        {t("rows_of", { from: numberText(shown.from, reader), to: numberText(shown.to, reader), total: numberText(shown.total, reader) })}
      </p>
      <div className="flex items-center gap-2">
        <Button size="sm" icon="previous" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          {t("previous")}
        </Button>
        <span className="figure text-sm text-muted">{t("page_of", { page, pages })}</span>
        <Button size="sm" disabled={page >= pages} onClick={() => onPage(page + 1)}>
          {t("next")}
        </Button>
      </div>
    </nav>
  );
}
