import type { AccountItem, Summary } from "@/shared/api";

export const ACCOUNT = "11111111-1111-4111-8111-111111111111";
export const INSTANCE = "22222222-2222-4222-8222-222222222222";
export const NOW = "2026-11-24T12:00:00Z";

/** A healthy account's summary; a test names what it is about. */
export function aSummary(change: Partial<Summary> = {}): Summary {
  return {
    account_id: ACCOUNT,
    instance_id: INSTANCE,
    rev: 1,
    currency: "USD",
    currency_digits: 2,
    broker_utc_offset_seconds: 7200,
    balance_current: 101000,
    equity_current: 101234.5,
    credit_current: 0,
    floating_current: 234.5,
    margin_current: 500,
    free_margin_current: 100734.5,
    initial_balance: 100000,
    initial_balance_source: "order_meta",
    balance_change_abs: 1000,
    balance_change_pct: 1,
    net_result: 1000,
    dd_all_time_used: 0,
    dd_all_time_limit: 10000,
    dd_all_time_used_pct: 0,
    dd_all_time_used_worst: 500,
    dd_all_time_floor: 90000,
    dd_all_time_headroom: 11234.5,
    dd_all_time_breached: false,
    dd_daily_used: 765.5,
    dd_daily_limit: 5000,
    dd_daily_used_pct: 15.31,
    dd_daily_used_worst: 800,
    dd_daily_floor: 97000,
    dd_daily_headroom: 4234.5,
    dd_daily_breached: false,
    dd_daily_reset_at: "2026-11-24T22:00:00Z",
    dd_daily_seconds_to_reset: 36000,
    trading_days: 4,
    win_rate: 55.5556,
    closed_positions: 9,
    open_positions: 1,
    plan: "two-step-classic",
    phase: 1,
    phase_name: "Evaluation",
    next_reset: { at: "2026-11-24T22:00:00Z", projected_floor: 96234.5, headroom_after: 5000 },
    coverage_unknown_seconds: 0,
    violations: 0,
    as_of: NOW,
    sync_interval_seconds: 30,
    expected_lag_seconds: 1,
    worst_lag_seconds: 2,
    stale_after_seconds: 90,
    status: "active",
    connection_state: "ready",
    condition_code: null,
    outcome: "running",
    tier: "active",
    last_sync_at: NOW,
    next_sync_at: "2026-11-24T12:00:30Z",
    data_age_seconds: 1,
    stale: false,
    server_now: NOW,
    ...change,
  };
}

/** An account with its summary, which may be changed in part. */
export function anAccount(change: Partial<Omit<AccountItem, "summary">> = {}, summary: Partial<Summary> = {}): AccountItem {
  const id = change.account_id ?? ACCOUNT;
  return {
    account_id: id,
    instance_id: INSTANCE,
    login: "700100200",
    server: "Simulated-1",
    account_type: "two-step-classic",
    is_active: true,
    created_at: "2026-11-01T09:00:00Z",
    ...change,
    summary: aSummary({ account_id: id, ...summary }),
  };
}
