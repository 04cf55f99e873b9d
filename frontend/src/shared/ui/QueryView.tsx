import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { ErrorState } from "./States";

interface QueryViewProps<Data> {
  query: Pick<UseQueryResult<Data>, "data" | "error" | "isPending" | "refetch">;
  /** A skeleton of the content's final size. */
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Skeleton, then data; an error only where there is nothing to show. Old data stay while new ones come. */
export function QueryView<Data>({ query, skeleton, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <ErrorState fault={query.error} retry={() => void query.refetch()} />;
  return <>{skeleton}</>;
}
