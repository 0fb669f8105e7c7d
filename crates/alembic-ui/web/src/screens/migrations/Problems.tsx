import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import type { Problem, ProblemCard, Problems as Found } from "@/api/types";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/Copy";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/format";

/** What is wrong with scripts and configuration, with the report of the command line. `noted` are oddities of a sound history. */
export function Problems({ problems, noted }: { problems: Found; noted: Problem[] }) {
  const { errors, warnings } = problems;
  const notes = [...new Set([...warnings, ...noted.map(({ message }) => message)])];
  const broken = errors.length > 0;
  const [open, setOpen] = useState(true);
  if (!broken && notes.length === 0) return null;
  return (
    <section aria-label="Problems" className={cx("border-b border-l-2 text-sm", broken ? "border-l-broken" : "border-l-pending")}>
      <div className="flex items-center gap-2 px-3 py-1">
        <TriangleAlert className={cx("size-4", broken ? "text-broken" : "text-pending")} aria-hidden />
        <h2 className="font-medium">{broken ? `${plural(errors.length, "problem")} to solve first` : plural(notes.length, "warning")}</h2>
        <span className="flex-1" />
        <Button variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "Hide" : "Show"}</Button>
      </div>
      {open && (
        <div className="max-h-[50vh] overflow-auto">
          {errors.map((card, index) => <Card key={index} card={card} />)}
          {notes.map((note) => <p key={note} className="border-t px-3 py-1.5 break-words whitespace-pre-wrap text-muted">{note}</p>)}
        </div>
      )}
    </section>
  );
}

function Card({ card }: { card: ProblemCard }) {
  const { message, help, path, line, excerpt, report } = card;
  const marked = new Set(card.labels.map((label) => label.line));
  return (
    <article className="border-t px-3 py-2">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium break-words whitespace-pre-wrap text-broken">{message}</p>
        <CopyButton text={report} label="Copy report" />
      </div>
      {path && <p className="font-mono text-xs break-all text-muted">{path}{line ? `:${line}` : ""}</p>}
      {excerpt && (
        <pre tabIndex={0} aria-label="Excerpt" className="mt-1.5 overflow-x-auto border-l py-0.5 leading-[18px]">
          {excerpt.text.replace(/\n$/, "").split("\n").map((text, index) => {
            const number = excerpt.first_line + index;
            return (
              <div key={number} className={cx("flex px-2", marked.has(number) && "bg-broken-soft")}>
                <span aria-hidden className="w-8 shrink-0 pr-3 text-right text-faint select-none">{number}</span>
                <code>{text}{card.labels.filter((label) => label.line === number).map((label, at) => <span key={at} className="text-broken">{"  ← "}{label.text ?? "here"}</span>)}</code>
              </div>
            );
          })}
        </pre>
      )}
      {help && <p className="mt-1.5 break-words whitespace-pre-wrap text-muted">help: {help}</p>}
    </article>
  );
}
