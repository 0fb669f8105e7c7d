import { useMemo } from "react";
import { parser } from "@lezer/python";
import { CopyButton } from "@/components/Copy";
import { highlight } from "@/components/highlight";

/** Beyond this many characters colours are left out. */
const MOST_COLOURED = 200_000;

/** A migration script with line numbers and colours. */
export default function Source({ text }: { text: string }) {
  const lines = useMemo(
    () => (text.length > MOST_COLOURED ? text.split("\n").map((line) => [{ text: line, look: "" }]) : highlight(text, parser)),
    [text],
  );
  return (
    <div className="relative">
      <div className="absolute top-1 right-2">
        <CopyButton text={text} label="Copy source" />
      </div>
      <pre tabIndex={0} aria-label="Source" className="overflow-x-auto py-2 leading-[18px]">
        {lines.map((pieces, index) => (
          <div key={index} className="flex px-4">
            <span aria-hidden className="w-8 shrink-0 pr-3 text-right text-faint select-none">{index + 1}</span>
            <code>
              {pieces.map(({ text: piece, look }, at) => (look ? <span key={at} className={look}>{piece}</span> : piece))}
              {"\n"}
            </code>
          </div>
        ))}
      </pre>
    </div>
  );
}
