import type { Schemas } from "../api/types";

/** What the server tells over the socket (CONTRACT §3), as the API's document names it. */
export type LiveMessage = Schemas["LiveMessage"];
export type LiveSummary = Schemas["LiveSummary"];
export type LiveRequest = Schemas["LiveRequest"];

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const holds = (raw: Raw, kinds: Readonly<Record<string, "string" | "number">>): boolean =>
  Object.entries(kinds).every(([key, kind]) => typeof raw[key] === kind);

const TOLD = { account_id: "string", rev: "number" } as const;
const CONDITION = { status: "string", connection_state: "string", outcome: "string", tier: "string" } as const;

/** Whether a message is whole enough to be used: its own ids, and fields of the right kind. */
const GUARDS: Readonly<Record<LiveMessage["type"], (raw: Raw) => boolean>> = {
  ready: (raw) => holds(raw, { expires_at: "string", server_now: "string" }),
  auth_expiring: (raw) => holds(raw, { expires_at: "string" }),
  resync: () => true,
  refused: (raw) => holds(raw, { account_id: "string" }),
  state: (raw) => holds(raw, { ...TOLD, ...CONDITION }),
  violation: (raw) => holds(raw, TOLD) && isRaw(raw["data"]) && holds(raw["data"], { violation_id: "string", rule_type: "string" }),
  summary: (raw) => {
    const data = raw["data"];
    const kinds = { ...TOLD, ...CONDITION, instance_id: "string", server_now: "string" } as const;
    return holds(raw, TOLD) && isRaw(data) && holds(data, kinds) && data["account_id"] === raw["account_id"];
  },
};

const isMessage = (raw: Raw): raw is Raw & LiveMessage => {
  const type = raw["type"];
  return typeof type === "string" && Object.hasOwn(GUARDS, type) && GUARDS[type as LiveMessage["type"]](raw);
};

/** Reads one frame; null = not a message that we know. */
export function readMessage(frame: unknown): LiveMessage | null {
  if (typeof frame !== "string") return null;
  try {
    const raw: unknown = JSON.parse(frame);
    return isRaw(raw) && isMessage(raw) ? raw : null;
  } catch {
    return null;
  }
}
