import type { Schemas } from "@/shared/api";
import { type MoneyShape, numberText, ratioText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Change, cx, Ltr, Percent } from "@/shared/ui";

import { statisticsWords } from "../words";
import { isEndless } from "./KeyFigures";

interface GroupsProps {
  /** What the rows are: symbols, hours … */
  title: string;
  groups: readonly Schemas["GroupItem"][];
  nameOf: (name: string) => string;
  money: MoneyShape;
}

/** Groups of closed positions as a table; each net result also as a bar from the middle: losses one way, gains the other. */
export function Groups({ title, groups, nameOf, money }: GroupsProps) {
  const t = useWords(statisticsWords);
  const reader = usePreferences();
  const most = Math.max(0, ...groups.map(({ figures }) => Math.abs(figures.net)));
  const head = "whitespace-nowrap px-3 py-2 text-xs font-medium text-muted";
  const cell = "figure whitespace-nowrap px-3 py-2 text-end";
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{`${t("groups")}: ${title}`}</caption>
      <thead>
        <tr className="border-b border-line">
          <th scope="col" className={cx(head, "text-start ps-0")}>{title}</th>
          <th scope="col" className={cx(head, "hidden w-2/5 sm:table-cell")}><span className="sr-only">{t("share")}</span></th>
          <th scope="col" className={cx(head, "text-end")}>{t("net")}</th>
          <th scope="col" className={cx(head, "text-end")}>{t("trades")}</th>
          <th scope="col" className={cx(head, "text-end")}>{t("win_rate")}</th>
          <th scope="col" className={cx(head, "hidden pe-0 text-end md:table-cell")}>{t("profit_factor")}</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {groups.map(({ name, figures }) => (
          <tr key={name}>
            <th scope="row" className="max-w-[7rem] truncate py-2 ps-0 text-start font-medium text-ink sm:max-w-[12rem]"><bdi>{nameOf(name)}</bdi></th>
            <td className="hidden px-3 py-2 sm:table-cell"><Bar net={figures.net} most={most} /></td>
            <td className={cell}><Change value={figures.net} {...money} className="justify-end font-medium" /></td>
            <td className={cell}><Ltr>{numberText(figures.closed, reader)}</Ltr></td>
            <td className={cell}><Percent value={figures.win_rate} decimals={0} /></td>
            <td className={cx(cell, "hidden pe-0 md:table-cell")}><Ltr>{ratioText(figures.profit_factor, reader, isEndless(figures))}</Ltr></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Drawn only; the figure stands beside it. */
function Bar({ net, most }: { net: number; most: number }) {
  const width = `${most === 0 ? 0 : (Math.abs(net) / most) * 50}%`;
  return (
    <div aria-hidden="true" className="relative h-3 min-w-[6rem]">
      <span className="absolute inset-y-[-0.25rem] start-1/2 w-px bg-line" />
      <span
        className={cx("absolute inset-y-0 min-w-[2px]", net < 0 ? "rounded-s-sm bg-bad/70" : "rounded-e-sm bg-ok/70", net === 0 && "hidden")}
        style={net < 0 ? { insetInlineEnd: "50%", width } : { insetInlineStart: "50%", width }}
      />
    </div>
  );
}
