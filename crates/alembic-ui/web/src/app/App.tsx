import { useCallback, useEffect, useState } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ApiError, onSessionLost } from "@/api/client";
import { openSession, takeCode } from "@/api/session";
import { Toasts } from "@/components/Toasts";
import { Login } from "@/screens/login/Login";
import { Shell } from "./Shell";

/** The launch code leaves the address before anything else happens; it works once, so it is sent once. */
let launchCode = takeCode();

/** Refusals are final; a server that does not answer is asked again. */
const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => !(error instanceof ApiError) && failures < 2,
      refetchOnWindowFocus: true,
      staleTime: 1000,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

type Session = { state: "opening" } | { state: "open" } | { state: "closed"; error: unknown };

/** The page: a session first, then the shell with its screens. */
export function App() {
  const [session, setSession] = useState<Session>({ state: launchCode ? "opening" : "open" });
  const enter = useCallback(() => {
    client.clear();
    setSession({ state: "open" });
  }, []);
  useEffect(() => {
    const launch = () => {
      const code = launchCode ?? takeCode();
      launchCode = null;
      if (code) openSession({ code }).then(enter, (error: unknown) => setSession({ state: "closed", error }));
    };
    launch();
    // A fresh address that is opened in this very tab changes the fragment alone.
    window.addEventListener("hashchange", launch);
    const stop = onSessionLost(() => setSession((before) => (before.state === "closed" ? before : { state: "closed", error: null })));
    return () => {
      window.removeEventListener("hashchange", launch);
      stop();
    };
  }, [enter]);
  return (
    <QueryClientProvider client={client}>
      {session.state === "open" && <Shell />}
      {session.state === "closed" && <Login key={String(session.error)} error={session.error} onOpen={enter} />}
      <Toasts />
    </QueryClientProvider>
  );
}
