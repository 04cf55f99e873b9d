import { useState } from "react";

import { dayText, instantText } from "@/shared/format/date";
import { numberText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Button, Dialog, ErrorState, Icon, SegmentedControl, Select, TEHRAN } from "@/shared/ui";

import { type Job, underWay, useExport, type Wish } from "../api/useExport";
import { filtersOf, isFiltered, type View } from "../view";
import { tradesWords } from "../words";

interface ExportDialogProps {
  accountId: string;
  view: View;
  open: boolean;
  onClose: () => void;
}

/** A file of the trades on view: what, how and for whom; then its progress and its download. */
export function ExportDialog({ accountId, view, open, onClose }: ExportDialogProps) {
  const t = useWords(tradesWords);
  const reader = usePreferences();
  const [what, setWhat] = useState<Wish["what"]>("trades");
  const [format, setFormat] = useState<Wish["format"]>("xlsx");
  const [language, setLanguage] = useState<Wish["language"]>(reader.language);
  const [zone, setZone] = useState(reader.timeZone);
  const file = useExport(accountId);
  const wish: Wish = { what, format, language, time_zone: zone, ...filtersOf(view, reader.timeZone) };
  const close = (): void => {
    file.forget();
    onClose();
  };
  if (file.fault !== null) {
    return (
      <Dialog open={open} onClose={close} title={t("export")}>
        <ErrorState fault={file.fault} retry={() => file.retry(wish)} />
      </Dialog>
    );
  }
  if (file.job !== null) {
    return (
      <Dialog open={open} onClose={close} title={t("export")}>
        <Progress job={file.job} onAgain={file.again} onNew={file.forget} onClose={close} />
      </Dialog>
    );
  }
  const zones = [...new Set([reader.timeZone, TEHRAN, "UTC"])].map((value) => ({ value, label: value.replaceAll("_", " ") }));
  return (
    <Dialog open={open} onClose={close} title={t("export")}>
      <div className="flex flex-col gap-5">
        <SegmentedControl
          label={t("export_what")}
          value={what}
          options={[
            { value: "trades", label: t("export_trades") },
            { value: "deals", label: t("export_deals") },
          ]}
          onChange={setWhat}
        />
        <SegmentedControl
          label={t("export_format")}
          value={format}
          options={[
            { value: "xlsx", label: t("export_xlsx") },
            { value: "csv", label: t("export_csv") },
          ]}
          onChange={setFormat}
        />
        <SegmentedControl
          label={t("export_language")}
          value={language}
          options={[
            { value: "en", label: t("export_en") },
            { value: "fa", label: t("export_fa") },
          ]}
          onChange={setLanguage}
        />
        <Select label={t("export_zone")} value={zone} options={zones} onChange={setZone} />
        <Chosen view={view} deals={what === "deals"} />
        <div className="flex flex-wrap justify-end gap-3">
          <Button kind="quiet" onClick={close}>
            {t("cancel")}
          </Button>
          <Button kind="primary" icon="download" disabled={file.ordering} onClick={() => file.begin(wish)}>
            {t("export_begin")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The filters that the file takes over from the page. */
function Chosen({ view, deals }: { view: View; deals: boolean }) {
  const t = useWords(tradesWords);
  const reader = usePreferences();
  const byClose = view.sort.endsWith("close_time");
  const chosen: (readonly [string, string])[] = [];
  if (view.symbol !== null) chosen.push([t("symbol"), view.symbol]);
  if (view.side !== null) chosen.push([t("side"), t(view.side === "BUY" ? "buy" : "sell")]);
  if (view.state !== null) chosen.push([t("state"), t(`state_${view.state}`)]);
  if (view.from !== null) chosen.push([t(byClose ? "closed_from" : "opened_from"), dayText(view.from, reader)]);
  if (view.to !== null) chosen.push([t(byClose ? "closed_to" : "opened_to"), dayText(view.to, reader)]);
  return (
    <div className="rounded-lg bg-sunken p-4 text-sm">
      <p className="font-medium text-ink">{t(isFiltered(view) ? "export_filtered" : "export_all")}</p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 text-muted empty:hidden">
        {chosen.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="min-w-0 text-ink">
              <bdi className="break-all">{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {deals && isFiltered(view) && <p className="mt-1 text-xs text-muted">{t("export_deals_hint")}</p>}
    </div>
  );
}

interface ProgressProps {
  job: Job;
  onAgain: () => void;
  onNew: () => void;
  onClose: () => void;
}

function Progress({ job, onAgain, onNew, onClose }: ProgressProps) {
  const t = useWords(tradesWords);
  const reader = usePreferences();
  if (underWay(job)) {
    return (
      <div className="flex flex-col gap-4">
        <Bar job={job} />
        <div className="flex justify-end">
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    );
  }
  const done = job.state === "done";
  const text = done ? t("export_done") : job.fault === null ? t("export_expired") : t(`fault_${job.fault}`);
  return (
    <div className="flex flex-col gap-4">
      <div role={done ? "status" : "alert"} className="flex items-start gap-3">
        <Icon name={done ? "check" : "alert"} size={20} className={done ? "mt-0.5 text-ok" : "mt-0.5 text-bad"} />
        <div className="min-w-0">
          <p className="font-medium text-ink">{text}</p>
          {done && <p className="text-sm text-muted">{t("export_kept", { time: instantText(job.expires_at, reader, "date-time") })}</p>}
        </div>
      </div>
      <div className="flex flex-wrap justify-end gap-3">
        <Button kind="quiet" onClick={onNew}>
          {t("export_new")}
        </Button>
        {done && (
          <Button icon="download" onClick={onAgain}>
            {t("export_again")}
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          {t("finish")}
        </Button>
      </div>
    </div>
  );
}

/** How many rows are written; of unknown length while the file waits its turn. */
function Bar({ job }: { job: Job }) {
  const t = useWords(tradesWords);
  const reader = usePreferences();
  const waiting = job.state === "queued" || job.rows_total === 0;
  const rows = { done: numberText(job.rows_done, reader), total: numberText(job.rows_total, reader) };
  const text = waiting ? t("export_queued") : t("export_rows", rows);
  const percent = waiting ? 0 : Math.min(100, Math.floor((job.rows_done * 100) / job.rows_total));
  return (
    <div>
      <p className="figure mb-2 text-sm text-muted">{text}</p>
      <div
        role="progressbar"
        aria-label={t("export_progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(!waiting && { "aria-valuenow": percent })}
        aria-valuetext={text}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={waiting ? "hatched h-full w-full" : "h-full rounded-full bg-accent transition-[width] duration-300"}
          style={waiting ? {} : { width: `${percent}%` }}
        />
      </div>
    </div>
  );
}
