import { lazy, Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";

import { paths, patterns } from "@/config/paths";
import { useWords } from "@/shared/i18n";
import { Card, Empty, ErrorBoundary, Loading, Page, Skeleton } from "@/shared/ui";

import { appWords } from "./words";

const Overview = lazy(() => import("@/features/overview"));
const Account = lazy(() => import("@/features/account"));
const Trades = lazy(() => import("@/features/trades"));
const Settings = lazy(() => import("@/features/settings"));
const Violation = lazy(() => import("@/features/violation"));

/** Each route is its own chunk, behind its own boundary. */
export function Routes() {
  const [path] = useLocation();
  return (
    <ErrorBoundary resetBy={path}>
      <Suspense fallback={<Pending />}>
        <Switch>
          <Route path={patterns.overview}>
            <Overview />
          </Route>
          <Route path={patterns.account}>{({ id }) => <Account key={id} accountId={id} />}</Route>
          <Route path={patterns.trades}>{({ id }) => <Trades key={id} accountId={id} />}</Route>
          <Route path={patterns.settings}>{({ id }) => <Settings key={id} accountId={id} />}</Route>
          <Route path={patterns.violation}>
            {({ id, violation }) => <Violation key={violation} accountId={id} violationId={violation} />}
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function Pending() {
  return (
    <Loading className="flex flex-col gap-6">
      <Skeleton className="mb-6 h-8 w-48" />
      <Skeleton className="h-96 w-full rounded-card" />
    </Loading>
  );
}

function NotFound() {
  const t = useWords(appWords);
  return (
    <Page title={t("not_found_title")} hideTitle>
      <Card>
        <Empty
          icon="question"
          title={t("not_found_title")}
          action={
            <Link href={paths.overview()} className="text-sm font-medium text-accent underline underline-offset-4">
              {t("to_overview")}
            </Link>
          }
        >
          {t("not_found_text")}
        </Empty>
      </Card>
    </Page>
  );
}
