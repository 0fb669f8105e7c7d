import { Input } from "./Field";

interface Props {
  host: string;
  /** What has to be typed: the name of the database. */
  name: string;
  typed: string;
  onChange: (typed: string) => void;
  onEnter: () => void;
}

/** Asks for the name of a database that is not on this machine, before anything is written there. */
export function TypedConfirm({ host, name, typed, onChange, onEnter }: Props) {
  return (
    <label className="block border-t border-l-2 border-l-broken px-4 py-3 text-sm">
      <span>
        <b className="font-semibold text-broken">{host}</b> is not this machine. Type the name of the database, <code className="font-semibold">{name}</code>, to go on.
      </span>
      <Input aria-label="Name of the database" mono className="mt-2 block w-64" value={typed} onChange={(event) => onChange(event.target.value)} onKeyDown={(event) => event.key === "Enter" && onEnter()} />
    </label>
  );
}
