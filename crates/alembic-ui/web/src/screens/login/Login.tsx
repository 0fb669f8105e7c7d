import { useState, type FormEvent } from "react";
import { openSession } from "@/api/session";
import { Button } from "@/components/Button";
import { Input } from "@/components/Field";
import { Failure } from "@/components/States";

/** Shown without a session: how to get one. */
export function Login({ error, onOpen }: { error: unknown; onOpen: () => void }) {
  const [token, setToken] = useState("");
  const [refused, setRefused] = useState<unknown>(error);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    openSession({ token })
      .then(onOpen, setRefused)
      .finally(() => setBusy(false));
  };
  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <div className="w-full max-w-[420px]">
        <h1 className="text-lg font-semibold">alembic-rs</h1>
        <p className="mt-2 text-sm text-muted">
          This page needs a session. Press <b className="font-medium text-text">Enter</b> in the terminal where <code>alembic-rs ui</code> runs and open the address that it prints; each address works once.
        </p>
        {refused !== null && (
          <div className="mt-4">
            <Failure error={refused} compact />
          </div>
        )}
        <form onSubmit={submit} className="mt-5 border-t pt-4">
          <label htmlFor="token" className="text-sm text-muted">
            Or, where the server was started with <code>ALEMBIC_RS_UI_TOKEN</code>:
          </label>
          <div className="mt-2 flex gap-2">
            <Input id="token" type="password" mono aria-label="Token" className="flex-1" value={token} onChange={(event) => setToken(event.target.value)} />
            <Button type="submit" variant="primary" disabled={busy || token === ""}>
              Sign in
            </Button>
          </div>
        </form>
      </div>
    </main>
  );
}
