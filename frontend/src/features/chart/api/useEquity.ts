import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { keys, type Schemas, unwrap, useClient, usePollInterval } from "@/shared/api";
import { serverNow } from "@/shared/time/clock";

import { type Range, spanOf } from "../range";

export type Curve = Schemas["EquityCurve"];

/** The curve of a range as it was asked for: a new range shows the old one until it is here. */
export interface Shown {
  readonly range: Range;
  readonly curve: Curve;
}

/** Where a life begins (its first rule day), and where it ended; undefined while that is not known. */
export interface Life {
  readonly began: string | undefined;
  readonly ended: string | null | undefined;
}

/** GET /api/account/{id}/equity of a range. */
export function useEquity(id: string, instance: string | null, range: Range, { began, ended }: Life) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "equity", instance, range, range === "all" ? began : null, ended),
    queryFn: async ({ signal }): Promise<Shown> => {
      const span = spanOf(range, ended ? Date.parse(ended) : serverNow(), began);
      const query = { instance, from: span.from, to: span.to, points: span.points };
      const params = { path: { account_id: id }, query };
      const reply = unwrap(await client.GET("/api/account/{account_id}/equity", { params, signal }));
      if (reply.curve === null) throw new TypeError("the server sent no curve for a span");
      return { range, curve: reply.curve };
    },
    enabled: ended !== undefined && (range !== "all" || began !== undefined),
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
