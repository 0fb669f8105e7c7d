import type { Revision } from "@/api/types";
import { Badge, type Tone } from "@/components/Badge";

interface Word {
  word: string;
  tone: Tone;
  title: string;
}

/** What is said beside a revision, most important first: `current`, `head`, `pending`, `applied`, `merge point` … */
export function wordsOf({ marks, state }: Revision): Word[] {
  const words: Word[] = [];
  const has = (mark: Revision["marks"][number]) => marks.includes(mark);
  if (has("broken")) words.push({ word: "broken", tone: "broken", title: "the script cannot be relied on" });
  if (has("current")) words.push({ word: "current", tone: "current", title: "a row of the version table" });
  if (state === "pending") words.push({ word: "pending", tone: "pending", title: "not in the database yet" });
  if (state === "applied") words.push({ word: "applied", tone: "applied", title: "in the database" });
  if (has("head")) words.push({ word: "head", tone: "neutral", title: "no revision follows it" });
  if (has("base")) words.push({ word: "base", tone: "neutral", title: "follows no revision" });
  if (has("merge_point")) words.push({ word: "merge point", tone: "neutral", title: "follows several revisions" });
  if (has("branch_point")) words.push({ word: "branch point", tone: "neutral", title: "several revisions follow it" });
  return words;
}

const isState = ({ word }: Word) => word === "applied" || word === "pending" || word === "current" || word === "broken";

/** Where the revision stands in the database. `applied` is the common case, so it is the quietest. */
export function StateMarks({ revision }: { revision: Revision }) {
  return wordsOf(revision)
    .filter(isState)
    .map(({ word, tone, title }) =>
      word === "applied" ? (
        <span key={word} title={title} className="px-1.5 text-[11px] text-applied">{word}</span>
      ) : (
        <Badge key={word} tone={tone} title={title}>{word}</Badge>
      ),
    );
}

/** Where the revision stands in the graph: labels of its own, head, base, merges and branches. */
export function GraphMarks({ revision }: { revision: Revision }) {
  return (
    <>
      {revision.branch_labels.map((label) => <Badge key={label} tone="accent" mono title={`branch label ${label}`}>{label}</Badge>)}
      {wordsOf(revision).filter((word) => !isState(word)).map(({ word, tone, title }) => <Badge key={word} tone={tone} title={title}>{word}</Badge>)}
    </>
  );
}
