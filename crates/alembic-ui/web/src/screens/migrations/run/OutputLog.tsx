import { useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { clock } from "@/lib/format";
import { cx } from "@/lib/cx";
import type { Output } from "./output";
import { useFollowEnd } from "./useFollowEnd";

const LINE = 18;

/** The lines of a run with the time of each; stays at the end unless scrolled away from it. */
export function OutputLog({ output }: { output: Output }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { lines } = output;
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE, overscan: 20 });
  const onScroll = useFollowEnd(scroller, virtual.getTotalSize(), LINE * 2);
  return (
    <div
      ref={scroller}
      role="log"
      aria-label="Output"
      tabIndex={0}
      className="h-72 overflow-auto bg-bg font-mono text-xs leading-[18px]"
      onScroll={onScroll}
    >
      {lines.length === 0 && <p className="px-4 py-2 text-faint">{output.isOver ? "no output" : "waiting for output…"}</p>}
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!;
          return (
            <div key={index} ref={virtual.measureElement} data-index={index} className="absolute inset-x-0 top-0 flex gap-3 px-4" style={{ transform: `translateY(${start}px)` }}>
              <span className="shrink-0 text-faint select-none">{line.at ? clock(line.at) : "        "}</span>
              <span className={cx("min-w-0 break-words whitespace-pre-wrap", tone(line.text, line.stream))}>{line.text || " "}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function tone(text: string, stream: string): string {
  if (/^(Traceback|FAILED|ERROR|error:|\w*(\.\w+)*(Error|Exception)\b)/.test(text)) return "text-broken";
  if (/Running (upgrade|downgrade|stamp)/.test(text)) return "text-at";
  return stream === "note" ? "text-muted" : "text-text";
}
