import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import type { Problem } from "@/api/types";
import { navigate, href } from "@/app/router";
import { Button } from "@/components/Button";
import { plural } from "@/lib/format";

/** What is wrong with the scripts, in the words of the command line. */
export function Problems({ problems }: { problems: Problem[] }) {
  const [open, setOpen] = useState(true);
  if (problems.length === 0) return null;
  return (
    <section aria-label="Problems" className="border-b border-l-2 border-l-broken bg-broken-soft text-sm">
      <div className="flex items-center gap-2 px-3 py-1.5">
        <TriangleAlert className="size-4 text-broken" aria-hidden />
        <h2 className="font-medium">{plural(problems.length, "problem")} in the migration scripts</h2>
        <span className="flex-1" />
        <Button variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? "Hide" : "Show"}</Button>
      </div>
      {open && (
        <ul className="max-h-56 overflow-auto pb-2">
          {problems.map((problem, index) => (
            <li key={index} className="px-3 py-1">
              <pre className="text-xs leading-[18px] break-words whitespace-pre-wrap">{problem.message}</pre>
              <p className="flex flex-wrap items-center gap-x-3 font-mono text-xs text-muted">
                <span>{problem.code}</span>
                {problem.path && <span className="break-all">{problem.path}{problem.line ? `:${problem.line}` : ""}</span>}
                {problem.revision && <button type="button" className="text-accent hover:underline" onClick={() => navigate(href(["migrations"], { rev: problem.revision ?? null }))}>{problem.revision}</button>}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
