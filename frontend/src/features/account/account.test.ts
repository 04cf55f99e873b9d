import { describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";

import { livesOf } from "./InstanceChoice";

const instance = (id: string, life: string): Schemas["InstanceItem"] => ({
  instance_id: id,
  life_id: life,
  status: "active",
  reason: "connect",
  plan: "p",
  phase: 1,
  outcome: "running",
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:00Z",
  deactivated_at: null,
  predecessor_id: null,
});

describe("lives of an account", () => {
  it("a new password goes on with a life: only its newest instance is offered", () => {
    const lives = livesOf([instance("c", "2"), instance("b", "2"), instance("a", "1")]);
    expect(lives.map((one) => one.instance_id)).toEqual(["c", "a"]);
  });
});
