import { useEffect, useState } from "react";
import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/migrations";
import { tablesOf, useCatalogue } from "@/api/data";
import { useEnvironment } from "@/api/migrations";
import type { History } from "@/api/types";
import { kindNames } from "@/screens/data/model";
import { href, navigate } from "./router";
import { screens } from "./screens";
import { useActions } from "./useActions";

/** At most this many of each kind are offered; typing more finds the rest. */
const MOST = 40;

const item = "flex h-8 items-center gap-3 rounded-sm px-2 text-sm data-[selected=true]:bg-hover";

/** Goes anywhere by typing: screens, actions, tables, revisions. */
export default function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("");
  const catalogue = useCatalogue(useEnvironment().data?.browsable ?? false);
  const history = useQueryClient().getQueriesData<History>({ queryKey: keys.graph }).find(([, data]) => data)?.[1];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...parts: string[]) => words.every((word) => parts.join(" ").toLowerCase().includes(word));
  const go = (to: string) => () => {
    onClose();
    navigate(to);
  };
  const actions = useActions(onKeys).filter(({ name, words: more }) => fits(name, more));
  const places = screens.filter(({ name }) => fits(name, "go to"));
  const revisions = history?.revisions.filter(({ id, message }) => fits(id, message)).slice(0, MOST) ?? [];
  const relations = tablesOf(catalogue.data).filter(({ name }) => fits(name.schema, name.name)).slice(0, MOST);
  const first = places[0] ? `screen ${places[0].id}` : relations[0] ? `table ${relations[0].name.schema}.${relations[0].name.name}` : revisions[0] ? `revision ${revisions[0].id}` : `action ${actions[0]?.name}`;
  useEffect(() => setChosen(first), [first]);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content aria-describedby={undefined} className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-[600px] -translate-x-1/2 rounded-md border border-line-strong bg-surface outline-none">
          <Radix.Title className="sr-only">Search everything</Radix.Title>
          <Command label="Search everything" shouldFilter={false} loop value={chosen} onValueChange={setChosen}>
            <Command.Input autoFocus value={text} onValueChange={setText} placeholder="Tables, revisions, actions, screens" className="h-11 w-full border-b bg-transparent px-4 text-base outline-none" />
            <Command.List className="max-h-[56vh] overflow-auto p-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint">
              <Command.Empty className="px-2 py-6 text-center text-sm text-muted">Nothing has that name</Command.Empty>
              {places.length > 0 && (
                <Command.Group heading="Screens">
                  {places.map(({ id, name, icon: Icon }) => (
                    <Command.Item key={id} value={`screen ${id}`} onSelect={go(href([id]))} className={item}>
                      <Icon className="size-4 text-muted" aria-hidden /> {name}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {actions.length > 0 && (
                <Command.Group heading="Actions">
                  {actions.map(({ name, run }) => (
                    <Command.Item key={name} value={`action ${name}`} onSelect={() => { onClose(); run(); }} className={item}>{name}</Command.Item>
                  ))}
                </Command.Group>
              )}
              {relations.length > 0 && (
                <Command.Group heading="Tables">
                  {relations.map(({ name: { schema, name }, kind }) => (
                    <Command.Item key={`${schema}.${name}`} value={`table ${schema}.${name}`} onSelect={go(href(["data", schema, name]))} className={item}>
                      <span className="min-w-0 flex-1 truncate font-mono text-xs">{schema === "public" ? name : `${schema}.${name}`}</span>
                      <span className="text-xs text-faint">{kindNames[kind]}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {revisions.length > 0 && (
                <Command.Group heading="Revisions">
                  {revisions.map(({ id, message }) => (
                    <Command.Item key={id} value={`revision ${id}`} onSelect={go(href(["migrations"], { rev: id }))} className={item}>
                      <code className="shrink-0 text-muted">{id}</code>
                      <span className="min-w-0 flex-1 truncate">{message.split("\n")[0]}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
