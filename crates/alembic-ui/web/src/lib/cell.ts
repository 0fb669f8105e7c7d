/** How a value of PostgreSQL, which travels as text, is shown and checked. */

export type Family = "text" | "number" | "boolean" | "time" | "json" | "array" | "bytea" | "other";

const families: [RegExp, Family][] = [
  [/\[\]$/, "array"],
  [/^_/, "array"],
  [/^(smallint|integer|bigint|int[248]|numeric|decimal|real|double precision|float[48]|oid|money)\b/, "number"],
  [/^bool(ean)?$/, "boolean"],
  [/^(date|time|timestamp|timestamptz|timetz|interval)\b/, "time"],
  [/^jsonb?$/, "json"],
  [/^bytea$/, "bytea"],
  [/^(text|character varying|varchar|character|char|citext|name|bpchar|uuid)\b/, "text"],
];

/** Which habits a type has, by its name as PostgreSQL formats it. */
export function familyOf(type: string): Family {
  return families.find(([pattern]) => pattern.test(type))?.[1] ?? "other";
}

/** Characters of a cell that are put into the page; the rest is in the drawer. */
const MOST_SHOWN = 300;

/** One line for a cell. Line ends become `↵`; a bytea says how long it is. */
export function cellText(text: string, type: string, time: "stored" | "local" = "stored"): string {
  const family = familyOf(type);
  if (family === "bytea") return byteaText(text);
  if (family === "time" && time === "local") return localTime(text, type);
  if (family === "boolean") return text === "t" || text === "true" ? "true" : text === "f" || text === "false" ? "false" : text;
  const short = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return short.replace(/\r\n|\r|\n/g, "↵");
}

function byteaText(text: string): string {
  if (!text.startsWith("\\x")) return text;
  const length = (text.length - 2) / 2;
  const head = text.length > 34 ? `${text.slice(0, 34)}…` : text;
  return `${head}  ${length} B`;
}

/** A timestamptz in the time of this machine; anything else as it is stored. */
export function localTime(text: string, type: string): string {
  if (!/^timestamp(\(\d\))? with time zone$|^timestamptz/.test(type)) return text;
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (!match) return text;
  const [, date, time, fraction = "", hours, minutes = "00"] = match;
  const moment = new Date(`${date}T${time}${hours}:${minutes}`);
  if (Number.isNaN(moment.getTime())) return text;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}${fraction}`;
}

/** Why `text` cannot be a value of `type`; null when nothing is wrong with it as far as the page can tell. */
export function refusal(text: string, type: string): string | null {
  switch (familyOf(type)) {
    case "number":
      return numberRefusal(text.trim(), type);
    case "json":
      return jsonRefusal(text);
    case "bytea":
      return /^\\x([0-9a-f]{2})*$/i.test(text.replace(/\s+/g, "")) ? null : "bytes are written as `\\x` and pairs of hex digits";
    case "array":
      return /^\s*(\[[-\d:\]\[]+\]=)?\{[\s\S]*\}\s*$/.test(text) ? null : "an array is written as `{a,b}`";
    default:
      return null;
  }
}

function numberRefusal(text: string, type: string): string | null {
  const whole = /^(smallint|integer|bigint|int[248]|oid)/.test(type);
  if (whole) return /^[-+]?\d+$/.test(text) ? wholeRange(text, type) : "a whole number is wanted";
  if (type.startsWith("money")) return null;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^(nan|[-+]?inf(inity)?)$/i.test(text) ? null : "a number is wanted";
}

function wholeRange(text: string, type: string): string | null {
  const bits = /^(smallint|int2)/.test(type) ? 16n : /^(integer|int4)/.test(type) ? 32n : /^(bigint|int8)/.test(type) ? 64n : null;
  if (bits === null) return null;
  const value = BigInt(text.replace(/^\+/, ""));
  const limit = 1n << (bits - 1n);
  return value >= -limit && value < limit ? null : `\`${text}\` is out of range for type ${type}`;
}

function jsonRefusal(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `this is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** JSON spread over lines for reading; anything else as it is. Numbers keep every digit, so the text is moved, not parsed. */
export function pretty(text: string, type: string): string {
  if (familyOf(type) !== "json" || jsonRefusal(text)) return text;
  let depth = 0;
  let quoted = false;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < text.length; at += 1) {
    const each = text[at]!;
    if (quoted) {
      out += each;
      if (each === "\\") out += text[++at] ?? "";
      else if (each === '"') quoted = false;
    } else if (each === '"') {
      quoted = true;
      out += each;
    } else if (each === "{" || each === "[") {
      const close = /^[\s]*[}\]]/.exec(text.slice(at + 1));
      if (close) {
        out += each + close[0].trim();
        at += close[0].length;
      } else {
        depth += 1;
        out += each + line();
      }
    } else if (each === "}" || each === "]") {
      depth -= 1;
      out += line() + each;
    } else if (each === ",") {
      out += each + line();
    } else if (each === ":") {
      out += ": ";
    } else if (!/\s/.test(each)) {
      out += each;
    }
  }
  return out;
}
