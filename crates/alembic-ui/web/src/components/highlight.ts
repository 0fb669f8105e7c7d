/** Source text as pieces with a class each, by a Lezer grammar. */

import type { Parser } from "@lezer/common";
import { highlightCode, tagHighlighter, tags } from "@lezer/highlight";

const classes = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.self], class: "text-accent" },
  { tag: [tags.string, tags.special(tags.string), tags.docString], class: "text-applied" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "text-pending" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], class: "text-faint italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.function(tags.propertyName)], class: "text-at" },
  { tag: [tags.typeName, tags.className], class: "text-at" },
]);

/** One piece of a line; `look` is empty for plain text. */
export interface Piece {
  text: string;
  look: string;
}

/** The lines of `text`, each cut into pieces. */
export function highlight(text: string, parser: Parser): Piece[][] {
  const lines: Piece[][] = [[]];
  highlightCode(
    text,
    parser.parse(text),
    classes,
    (piece, look) => lines[lines.length - 1]!.push({ text: piece, look }),
    () => lines.push([]),
  );
  return lines;
}
