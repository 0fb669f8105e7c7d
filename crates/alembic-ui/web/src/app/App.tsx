import { useEffect, useState } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ApiError, onSessionLost } from "@/api/client";
import { takeCode, openSession } from "@/api/session";
import { Login } from "@/screens/login/Login";
import { Toasts } from "@/components/Toasts";
import { Shell } from "./Shell";

/** The launch code leaves the address before anything else happens. */
const pendingCode = takeCode();
let opening: Promise<void> | null = null;

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
  const [session, setSession] = useState<Session>(() => (pendingCode ? { state: "opening" } : { state: "open" }));
  useEffect(() => {
    if (pendingCode) {
      opening ??= openSession({ code: pendingCode });
      opening.then(
        () => setSession({ state: "open" }),
        (error: unknown) => setSession({ state: "closed", error }),
      );
    }
    return onSessionLost(() => setSession((before) => (before.state === "closed" ? before : { state: "closed", error: null })));
  }, []);
  return (
    <QueryClientProvider client={client}>
      {session.state === "open" && <Shell />}
      {session.state === "closed" && (
        <Login
          error={session.error}
          onOpen={() => {
            client.clear();
            setSession({ state: "open" });
          }}
        />
      )}
      <Toasts />
    </QueryClientProvider>
  );
}
