/** Cuts SQL into statements at its semicolons, as PostgreSQL's scanner sees them. */

export interface Statement {
  /** Character offsets, without white space around. */
  start: number;
  end: number;
}

/** Things that hide semicolons: comments, strings, quoted names, dollar quotes. */
const hiding = /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|;/g;

/** The statements of `sql`, in order. Empty ones are left out. */
export function statements(sql: string): Statement[] {
  const found: Statement[] = [];
  let start = 0;
  hiding.lastIndex = 0;
  for (let match = hiding.exec(sql); match; match = hiding.exec(sql)) {
    const text = match[0];
    if (text === "/*") hiding.lastIndex = commentEnd(sql, match.index);
    else if (text.startsWith("$")) hiding.lastIndex = dollarEnd(sql, match.index, text);
    else if (text === ";") {
      push(found, sql, start, match.index);
      start = match.index + 1;
    }
  }
  push(found, sql, start, sql.length);
  return found;
}

/** Comments nest. */
function commentEnd(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    if (sql.startsWith("/*", at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith("*/", at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}

function dollarEnd(sql: string, from: number, quote: string): number {
  const end = sql.indexOf(quote, from + quote.length);
  return end < 0 ? sql.length : end + quote.length;
}

function push(found: Statement[], sql: string, from: number, to: number): void {
  const text = sql.slice(from, to);
  const start = from + (text.length - text.trimStart().length);
  const end = to - (text.length - text.trimEnd().length);
  if (end > start) found.push({ start, end });
}

/** The statement that the cursor is in, or just behind; the last one before it, when it stands between two. */
export function statementAt(sql: string, cursor: number): Statement | null {
  const all = statements(sql);
  return all.find(({ start, end }) => cursor >= start && cursor <= end + 1) ?? [...all].reverse().find(({ end }) => end < cursor) ?? all[0] ?? null;
}

/** A byte offset into the UTF-8 of `text` as a character offset. */
export function fromBytes(text: string, bytes: number): number {
  const encoded = new TextEncoder().encode(text);
  return new TextDecoder().decode(encoded.subarray(0, bytes)).length;
}
