import { Suspense } from "react";
import { Router } from "wouter";

import { useSessionState } from "@/shared/api";
import { useAppearance } from "@/shared/theme/theme";
import { ErrorBoundary } from "@/shared/ui";

import type { Announcer } from "./announcer";
import { useHashLocation } from "./hashLocation";
import { Routes } from "./routes";
import { NoAccounts, SessionOver } from "./SessionPages";
import { Shell } from "./Shell";
import { useLiveAccounts } from "./useLiveAccounts";
import { useOutcomeWatch } from "./useOutcomeWatch";
import { useStoredDisplay } from "./useStoredDisplay";

/** The page: appearance, session, shell and routes. Routes live in the address' hash, so any host can serve it. */
export function App({ announcer }: { announcer: Announcer }) {
  useAppearance();
  return (
    <Router hook={useHashLocation}>
      <Suspense fallback={null}>
        <ErrorBoundary>
          <Content announcer={announcer} />
        </ErrorBoundary>
      </Suspense>
    </Router>
  );
}

function Content({ announcer }: { announcer: Announcer }) {
  const session = useSessionState();
  useLiveAccounts(session === "open");
  useStoredDisplay();
  useOutcomeWatch(announcer);
  if (session === "ended") return <SessionOver />;
  return (
    <Shell announcer={announcer}>
      {session === "no_accounts" ? <NoAccounts /> : <Routes />}
    </Shell>
  );
}
