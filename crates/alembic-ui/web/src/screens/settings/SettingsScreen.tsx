import type { ReactNode } from "react";
import { useEnvironment } from "@/api/migrations";
import { useChosenSettings, useSettings, useVersions } from "@/api/settings";
import type { Settings, SettingsView } from "@/api/types";
import { Badge } from "@/components/Badge";
import { Checkbox, Input, Select } from "@/components/Field";
import { Failure, Skeleton } from "@/components/States";
import { Kbd } from "@/components/Kbd";

/** What one has chosen, where everything came from, and the versions. */
export default function SettingsScreen() {
  const view = useSettings();
  if (view.isPending) return <Skeleton label="Loading settings" />;
  if (view.isError) return <Failure error={view.error} title="The settings cannot be read" />;
  return <AllSettings view={view.data} />;
}

function AllSettings({ view }: { view: SettingsView }) {
  const { read_only_forced, file } = view;
  const { settings, put, error } = useChosenSettings(view);
  const environment = useEnvironment().data;
  const versions = useVersions();
  return (
    <div className="h-full overflow-auto" tabIndex={0} role="region" aria-label="All settings">
      <div className="max-w-[820px] px-4 pb-10">
        {error && <Failure error={error} title="The settings were not changed" compact />}
        <Section title="Display">
          <Line name="Theme">
            <Select aria-label="Theme" value={settings.theme} onChange={(event) => put({ theme: event.target.value as Settings["theme"] })}>
              <option value="dark">Dark</option>
              <option value="light">Light</option>
              <option value="system">As the system</option>
            </Select>
          </Line>
          <Line name="Rows a page" note="10 to 1,000">
            <Input key={settings.rows_per_page} aria-label="Rows a page" type="number" min={10} max={1000} className="w-24" defaultValue={settings.rows_per_page} onBlur={(event) => Number(event.target.value) !== settings.rows_per_page && put({ rows_per_page: Number(event.target.value) })} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
          </Line>
          <Line name="Times" note="of columns with a time zone">
            <Select aria-label="Times" value={settings.time_display} onChange={(event) => put({ time_display: event.target.value as Settings["time_display"] })}>
              <option value="stored">As stored</option>
              <option value="local">Local time</option>
            </Select>
          </Line>
        </Section>
        <Section title="Safety">
          <Line name="Read-only" note={read_only_forced ? "the server was started with --read-only" : "the server refuses everything that changes the database"}>
            <Checkbox label="Nothing may be changed" checked={settings.read_only} disabled={read_only_forced} onChange={(read_only) => put({ read_only })} />
          </Line>
        </Section>
        <Section title="Query">
          <Line name="History" note="those that may hold a password are not; switching it off forgets them">
            <Checkbox label="Keep statements that are run" checked={settings.keep_history} onChange={(keep_history) => put({ keep_history })} />
          </Line>
        </Section>
        {environment && (
          <Section title="Database">
            <Fact name="URL">{environment.url ?? environment.reason ?? "none found"}</Fact>
            <Fact name="From">{environment.source ?? "nowhere"}</Fact>
            {environment.why && <Fact name={environment.proven ? "Proven" : "Guessed"}>{environment.why}</Fact>}
            {environment.candidates.length > 0 && (
              <div className="py-2">
                <p className="mb-1 text-muted">Looked for, in this order</p>
                <ol aria-label="Places looked at" className="text-xs">
                  {environment.candidates.map(({ place, outcome, chosen }, at) => (
                    <li key={at} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)] gap-3 border-t py-1 font-mono max-sm:grid-cols-1">
                      <span className="break-words text-muted">{place}</span>
                      <span className="break-words">{outcome} {chosen && <Badge tone="applied">chosen</Badge>}</span>
                    </li>
                  ))}
                </ol>
              </div>
            )}
          </Section>
        )}
        <Section title="Project">
          <Fact name="Configuration">{environment?.config}</Fact>
          <Fact name="Folder">{environment?.folder}</Fact>
          <Fact name="Settings file">{file ?? "none on this system: settings end with the server"}</Fact>
        </Section>
        <Section title="Versions">
          {versions.isError && <Failure error={versions.error} compact />}
          <Fact name="alembic-rs">{versions.data?.alembic_rs}</Fact>
          <Fact name="Alembic">{versions.data && (versions.data.alembic ?? versions.data.python_reason ?? "not found")}</Fact>
          <Fact name="Python">{versions.data && (versions.data.python ?? "not found")}</Fact>
          <Fact name="Server">{versions.data && (versions.data.server ?? "does not answer")}</Fact>
        </Section>
        <p className="flex items-center gap-1.5 pt-4 text-muted">Keys: press <Kbd>?</Kbd></p>
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-b py-4 text-sm">
      <h2 className="mb-2 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Line({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="w-44">
        <p>{name}</p>
      </div>
      {children}
      {note && <p className="text-xs text-muted">{note}</p>}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-4 py-1 max-sm:flex-col max-sm:gap-0">
      <span className="w-44 shrink-0 text-muted">{name}</span>
      <span className="min-w-0 font-mono text-xs leading-5 break-words">{children}</span>
    </div>
  );
}
