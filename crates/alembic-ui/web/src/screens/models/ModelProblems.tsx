import type { ModelProblem } from "@/api/models";
import { CopyButton } from "@/components/Copy";
import { cx } from "@/lib/cx";

/** What could not be known, where and why. */
export function ModelProblems({ problems, title, className }: { problems: ModelProblem[]; title: string; className?: string }) {
  if (problems.length === 0) return null;
  return (
    <section aria-label="Problems" className={cx("border-l-2 border-l-pending", className)}>
      <h3 className="px-3 text-sm font-medium">{title}</h3>
      <ul>
        {problems.map(({ path, line, message, affects }, at) => (
          <li key={at} className="flex items-start gap-2 border-b px-3 py-1.5 last:border-b-0">
            <div className="min-w-0 flex-1 text-sm">
              <p className="break-words">{message}</p>
              <p className="flex flex-wrap gap-x-3 text-xs text-muted">
                <code className="break-all">{path}:{line}</code>
                <span className="break-all">{affects.map(inWords).join(", ")}</span>
              </p>
            </div>
            <CopyButton text={`${path}:${line}`} label={`Copy ${path}:${line}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function inWords(affected: string): string {
  if (affected === "*") return "anything may be missing";
  const mark = affected.indexOf(":");
  return `${affected.slice(0, mark)} ${affected.slice(mark + 1)}`;
}
