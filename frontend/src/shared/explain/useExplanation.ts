import { useQuery } from "@tanstack/react-query";

import { keys, type Schemas, unwrap, useClient } from "../api";
import { usePreferences } from "../i18n";

type Figure = Schemas["ExplainedFigure"];

/** GET /api/account/{id}/explain of one figure, asked only while it is looked at; null = it has none. */
export function useExplanation(id: string, instance: string | null, figure: string, asked: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "explain", instance, figure),
    queryFn: async ({ signal }): Promise<Figure | null> => {
      const params = { path: { account_id: id }, query: { instance, figure, limit: 10 } };
      const told = unwrap(await client.GET("/api/account/{account_id}/explain", { params, signal }));
      return told.figures[0] ?? null;
    },
    enabled: asked,
  });
}

/** The server's words of formulas, inputs and figures, in the reader's language. */
export interface FormulaWords {
  readonly formulas: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

export function useFormulaWords(asked: boolean) {
  const { language } = usePreferences();
  return useQuery({
    queryKey: ["words", language],
    queryFn: async (): Promise<FormulaWords> =>
      language === "fa" ? (await import("@words/fa.json")).default : (await import("@words/en.json")).default,
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
