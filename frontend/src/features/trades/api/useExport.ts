import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { keys, type Schemas, unwrap, useClient, useServices } from "@/shared/api";

export type Wish = Schemas["ExportBody"];
export type Job = Schemas["ExportJobReply"];

const LOOK_MS = 1_000;

export const underWay = ({ state }: Job): boolean => state === "queued" || state === "running";

/** A key for one order: the same order asked twice makes one file. */
function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Lets the browser fetch a file. Its address holds a single-use ticket, never the reader's token. */
function fetchFile(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = ""; // the server names the file
  link.rel = "noreferrer";
  link.click();
}

/** Orders a file, watches it being made, and starts its download when it is done. */
export function useExport(id: string) {
  const client = useClient();
  const { env } = useServices();
  const last = useRef({ wish: "", key: "" });
  const path = { account_id: id };

  const order = useMutation({
    mutationFn: async (wish: Wish) => {
      const text = JSON.stringify(wish);
      if (last.current.wish !== text) last.current = { wish: text, key: freshKey() };
      const params = { path, header: { "Idempotency-Key": last.current.key } };
      return unwrap(await client.POST("/api/account/{account_id}/exports", { params, body: wish }));
    },
  });
  const ordered = order.data;
  const look = useQuery({
    queryKey: keys.part(id, "exports", ordered?.export_id),
    queryFn: async ({ signal }) => {
      const params = { path: { ...path, export_id: ordered?.export_id ?? "" } };
      return unwrap(await client.GET("/api/account/{account_id}/exports/{export_id}", { params, signal }));
    },
    enabled: ordered !== undefined && underWay(ordered),
    refetchInterval: ({ state }) => (state.data === undefined || underWay(state.data) ? LOOK_MS : false),
  });
  const download = useMutation({
    mutationFn: async (exportId: string) => {
      const params = { path: { ...path, export_id: exportId } };
      const { url } = unwrap(await client.POST("/api/account/{account_id}/exports/{export_id}/ticket", { params }));
      fetchFile(new URL(url, env.apiUrl === "" ? window.location.origin : env.apiUrl).href);
    },
  });

  const job: Job | null = order.data === undefined ? null : (look.data ?? order.data);
  const done = job?.state === "done" ? job.export_id : null;
  const begun = useRef<string | null>(null);
  const { mutate } = download;
  useEffect(() => {
    if (done === null || done === begun.current) return;
    begun.current = done;
    mutate(done);
  }, [done, mutate]);

  return {
    job,
    ordering: order.isPending,
    fault: order.error ?? (look.isError ? look.error : null) ?? download.error,
    begin: (wish: Wish) => order.mutate(wish),
    /** Goes on after a fault, where it was. */
    retry: (wish: Wish) => {
      if (job === null) order.mutate(wish);
      else if (done !== null) mutate(done);
      else void look.refetch();
    },
    again: () => done !== null && mutate(done),
    /** Forgets the file; the server removes it when it expires. */
    forget: () => {
      last.current = { wish: "", key: "" };
      order.reset();
      download.reset();
    },
  };
}
