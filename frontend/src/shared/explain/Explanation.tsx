import { Fragment, type ReactNode } from "react";

import type { Schemas } from "../api";
import { instantText } from "../format/date";
import type { MoneyShape } from "../format/number";
import { usePreferences, useWords } from "../i18n";
import { holes } from "../i18n/catalogue";
import { useCodes } from "../i18n/codes/codes";
import { Ltr, Money } from "../ui";
import type { FormulaWords } from "./useExplanation";
import { valueText } from "./valueText";
import { explainWords } from "./words";

type Figure = Schemas["ExplainedFigure"];
interface Props {
  told: Figure;
  words: FormulaWords;
  money: MoneyShape;
}

/** A figure's value, its formula as a sentence with the real numbers, its inputs, and what they rest on. */
export function Explanation({ told, words, money }: Props) {
  const t = useWords(explainWords);
  const reader = usePreferences();
  const codes = useCodes();
  const text = (value: Figure["value"], unit: Figure["unit"]): string =>
    valueText(value, unit, money, reader, (yes) => t(yes ? "yes" : "no"));
  const shown = new Map<string, string>(told.inputs.map((one) => [one.name, text(one.value, one.unit)]));
  const formula = words.formulas[told.formula];
  return (
    <div className="mt-1 flex flex-col gap-3">
      <p className="text-xl font-semibold tracking-tight">
        <Ltr>{text(told.value, told.unit)}</Ltr>
      </p>
      {formula !== undefined && <p className="leading-6 text-ink">{filled(formula, shown)}</p>}
      {told.inputs.length > 0 && (
        <dl aria-label={t("inputs")} className="flex flex-col gap-1 border-t border-line pt-3">
          {told.inputs.map((one) => (
            <Row key={one.name} name={words.inputs[one.name] ?? one.name}>
              <Ltr>{shown.get(one.name) ?? ""}</Ltr>
            </Row>
          ))}
          {told.grade !== null && <Row name={t("known_as")}>{codes(`grade.${told.grade}`)}</Row>}
        </dl>
      )}
      <Behind told={told} money={money} />
    </div>
  );
}

function filled(formula: string, shown: ReadonlyMap<string, string>): ReactNode {
  return holes(formula).map((part, place) => (
    <Fragment key={place}>
      {place % 2 === 0 ? part : <Ltr className="font-semibold">{shown.get(part) ?? part}</Ltr>}
    </Fragment>
  ));
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-muted">{name}</dt>
      <dd className="text-end">{children}</dd>
    </div>
  );
}

/** The reading, anchor, deals and plan fields that the figure rests on. */
function Behind({ told, money }: Omit<Props, "words">) {
  const t = useWords(explainWords);
  const reader = usePreferences();
  const { observation, anchor, deals, plan } = told;
  const lines: ReactNode[] = [];
  if (observation !== null) {
    lines.push(t("reading", { at: instantText(observation.at, reader, "full") }));
    lines.push(
      t.rich("reading_figures", {
        balance: <Money value={observation.balance} {...money} />,
        equity: <Money value={observation.equity} {...money} />,
        count: String(observation.positions),
      }),
    );
  }
  if (anchor !== null) {
    if (anchor.at !== null) lines.push(t("anchor", { at: instantText(anchor.at, reader, "full") }));
    lines.push(t("anchor_source", { source: anchor.source }));
  }
  if (deals !== null && deals.total > 0) {
    lines.push(t.rich("deals", { count: deals.total, amount: <Money value={deals.amount} {...money} /> }));
    lines.push(t.rich("tickets", { tickets: <Ltr>{deals.tickets.join(", ")}</Ltr> }));
    if (deals.older > 0) lines.push(t("older", { count: deals.older }));
  }
  for (const field of plan) {
    lines.push(<>{t("plan")}: <Ltr className="font-mono">{`${field.path} = ${field.value}`}</Ltr></>);
  }
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-t border-line pt-3 text-xs text-muted">
      {lines.map((line, place) => (
        <li key={place} className="break-words">{line}</li>
      ))}
    </ul>
  );
}
