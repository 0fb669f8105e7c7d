import { memo } from "react";
import type { Revision } from "@/api/types";
import { cx } from "@/lib/cx";
import { day, plural } from "@/lib/format";
import type { FoldItem } from "./graph/items";
import { ROW } from "./graph/paths";
import { GraphMarks, StateMarks, wordsOf } from "./marks";
import { RevisionMenu } from "./RevisionMenu";
import type { RunRequest } from "./run/request";

/** Where a line stands in the virtual list. */
export interface LinePlace {
  line: number;
  /** Pixels from the top of the list. */
  start: number;
  /** Pixels that the graph takes. */
  indent: number;
  /** How many lines there are. */
  size: number;
  /** The one line that Tab reaches. */
  active: boolean;
  onFocus: (line: number) => void;
}

function frameOf({ line, start, indent, size, active, onFocus }: LinePlace) {
  return {
    role: "listitem",
    "aria-setsize": size,
    "aria-posinset": line + 1,
    "data-line": line,
    tabIndex: active ? 0 : -1,
    onFocus: () => onFocus(line),
    style: { transform: `translateY(${start}px)`, paddingLeft: indent, height: ROW },
  } as const;
}

interface Props extends LinePlace {
  revision: Revision;
  selected: boolean;
  canRun: boolean;
  onSelect: (id: string) => void;
  onHover: (id: string | null) => void;
  onRun: (request: RunRequest) => void;
  onShowSource: (id: string) => void;
}

/** One revision in the list. */
export const RevisionRow = memo(function RevisionRow(props: Props) {
  const { revision, selected, canRun, onSelect, onHover, onRun, onShowSource } = props;
  const { id, message, create_date } = revision;
  const words = wordsOf(revision).map(({ word }) => word);
  const title = message.split("\n")[0] ?? "";
  return (
    <div
      {...frameOf(props)}
      aria-label={[id, title, day(create_date), ...revision.branch_labels, ...words].filter(Boolean).join(", ")}
      aria-current={selected || undefined}
      onClick={() => onSelect(id)}
      onPointerEnter={() => onHover(id)}
      className={cx(
        "group absolute inset-x-0 top-0 flex cursor-default items-center gap-3 border-b border-line/60 pr-2",
        selected ? "bg-accent-soft" : "hover:bg-hover/60",
      )}
    >
      <span className="w-[100px] shrink-0 truncate font-mono text-xs text-muted @max-md:hidden">{id}</span>
      <span className="flex min-w-0 flex-1 items-center gap-2">
        <span className={cx("min-w-0 truncate", !title && "text-faint italic")} title={message}>
          {title || "no message"}
        </span>
        <span className="flex shrink-0 items-center gap-1 @max-lg:hidden">
          <GraphMarks revision={revision} />
        </span>
      </span>
      <span className="flex shrink-0 items-center justify-end gap-1">
        <StateMarks revision={revision} />
      </span>
      <span className="w-[76px] shrink-0 text-right text-xs text-faint @max-xl:hidden">{day(create_date)}</span>
      <span onClick={(event) => event.stopPropagation()}>
        <RevisionMenu revision={revision} canRun={canRun} onRun={onRun} onShowSource={() => onShowSource(id)} tabIndex={props.active ? 0 : -1} />
      </span>
    </div>
  );
});

/** A line that stands for a straight run of revisions. */
export const FoldRow = memo(function FoldRow({ fold, onUnfold, ...place }: LinePlace & { fold: FoldItem; onUnfold: (id: string) => void }) {
  const words = `${plural(fold.last - fold.first + 1, "revision")} in a straight line`;
  return (
    <div {...frameOf(place)} aria-label={`${words}, folded`} className="absolute inset-x-0 top-0 flex items-center border-b border-line/60">
      <button type="button" tabIndex={place.active ? 0 : -1} onClick={() => onUnfold(fold.id)} className="rounded-sm px-1 text-xs text-muted hover:bg-hover hover:text-text">
        {words}: show
      </button>
    </div>
  );
});
