import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

/** A plain table with a sticky head. The first `numbers` columns are set to the right. */
export function Table({ label, columns, numbers = 0, children }: { label: string; columns: string[]; numbers?: number; children: ReactNode }) {
  return (
    <table aria-label={label} className="w-full min-w-[860px] border-t text-left text-sm">
      <thead className="sticky top-0 bg-surface text-xs text-muted">
        <tr>
          {columns.map((column, at) => (
            <th key={at} scope="col" className={cx("border-b px-3 py-1.5 font-normal", at < numbers && "text-right")}>
              {column || <span className="sr-only">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** A cell of such a table. */
export function Cell({ children, mono = false, wide = false, number = false }: { children?: ReactNode; mono?: boolean; wide?: boolean; number?: boolean }) {
  return <td className={cx("px-3 py-1.5", mono && "font-mono text-xs leading-5", wide && "w-1/2", number && "text-right text-xs leading-5 whitespace-nowrap tabular-nums")}>{children}</td>;
}
