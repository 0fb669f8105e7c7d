import { Dialog } from "@/components/Dialog";
import { Kbd } from "@/components/Kbd";
import { globalKeys } from "./keys";

const lists: { name: string; keys: { keys: string[]; what: string }[] }[] = [
  { name: "Everywhere", keys: globalKeys },
  {
    name: "Revision history",
    keys: [
      { keys: ["↑", "↓"], what: "Walk" },
      { keys: ["PageUp", "PageDown", "Home", "End"], what: "Walk far" },
      { keys: ["Enter"], what: "Open the revision, or unfold a run" },
    ],
  },
  {
    name: "Grids",
    keys: [
      { keys: ["↑", "↓", "←", "→"], what: "Move the cell" },
      { keys: ["Home", "End"], what: "First and last column; with Ctrl the first and last row" },
      { keys: ["PageUp", "PageDown"], what: "A screenful of rows" },
      { keys: ["Enter"], what: "Edit, and accept an edit" },
      { keys: ["Esc"], what: "Leave an edit as it was" },
      { keys: ["Space"], what: "Select the row" },
      { keys: ["Ctrl", "C"], what: "Copy the cell" },
      { keys: ["Ctrl", "S"], what: "Save changes" },
    ],
  },
  {
    name: "SQL editor",
    keys: [
      { keys: ["Ctrl", "Enter"], what: "Run the statement at the cursor" },
      { keys: ["Ctrl", "Shift", "Enter"], what: "Run all" },
      { keys: ["Ctrl", "Space"], what: "Complete" },
      { keys: ["Esc", "Tab"], what: "Leave the editor" },
    ],
  },
];

/** Every key, by where it works. */
export default function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <div className="columns-1 gap-8 px-4 py-3 md:columns-2">
        {lists.map(({ name, keys }) => (
          <section key={name} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs text-muted">{name}</h3>
            <dl>
              {keys.map(({ keys: each, what }) => (
                <div key={what} className="flex items-start justify-between gap-4 border-b py-1 text-sm">
                  <dt>{what}</dt>
                  <dd className="flex shrink-0 flex-wrap justify-end gap-1">{each.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
