import "@/shared/theme/index.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { pageConfig, readEnv } from "@/config/env";
import { ServicesProvider } from "@/shared/api";
import { makeQueryClient } from "@/shared/api/queryClient";

import { App } from "./App";
import { makeAnnouncer } from "./announcer";
import { speakAsPage } from "./speakAsPage";
import { startServices } from "./start";

const root = document.getElementById("onefunders-root");
if (root === null) throw new Error("the page has no element #onefunders-root");

const queries = makeQueryClient();
const announcer = makeAnnouncer();
const env = readEnv(pageConfig());
speakAsPage(env);
const services = startServices(env, queries, announcer.tell);

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <ServicesProvider services={services}>
        <App announcer={announcer} />
      </ServicesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
