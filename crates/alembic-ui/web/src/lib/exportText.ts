/** Rows as text for the clipboard: CSV, JSON, SQL INSERT, Python. Values come as PostgreSQL's text. */

import { familyOf } from "./cell";

export type Format = "csv" | "json" | "sql" | "python";

export const formats: { format: Format; name: string }[] = [
  { format: "csv", name: "CSV" },
  { format: "json", name: "JSON" },
  { format: "sql", name: "SQL INSERT" },
  { format: "python", name: "Python dict" },
];

interface Named {
  name: string;
  type: string;
}

type Cells = (string | null)[];

/** `rows` in a format. `relation` is quoted already. */
export function exportText(format: Format, relation: string, columns: Named[], rows: Cells[]): string {
  switch (format) {
    case "csv":
      return [columns.map(({ name }) => csvField(name)), ...rows.map((row) => row.map((cell) => (cell === null ? "" : csvField(cell, cell === ""))))].map((fields) => fields.join(",")).join("\r\n");
    case "json":
      return `[\n${rows.map((row) => `  {${columns.map((column, at) => `${JSON.stringify(column.name)}: ${jsonValue(row[at] ?? null, column.type)}`).join(", ")}}`).join(",\n")}\n]`;
    case "sql":
      return rows.map((row) => `INSERT INTO ${relation} (${columns.map(({ name }) => quoteIdentifier(name)).join(", ")}) VALUES (${row.map(sqlValue).join(", ")});`).join("\n");
    case "python":
      return `[\n${rows.map((row) => `    {${columns.map((column, at) => `${pythonString(column.name)}: ${pythonValue(row[at] ?? null, column.type)}`).join(", ")}}`).join(",\n")},\n]`;
  }
}

/** `name` where PostgreSQL takes it bare, else in double quotes. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replace(/"/g, '""')}"`;
}

function csvField(text: string, force = false): string {
  return force || /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Numbers stay as they are written, so that no digit is lost. */
function jsonValue(text: string | null, type: string): string {
  if (text === null) return "null";
  const family = familyOf(type);
  if (family === "boolean") return text.startsWith("t") ? "true" : "false";
  if (family === "json") return text;
  if (family === "number" && /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return text;
  return JSON.stringify(text);
}

function sqlValue(text: string | null): string {
  if (text === null) return "NULL";
  return text.includes("\\") ? `E'${text.replace(/\\/g, "\\\\").replace(/'/g, "''")}'` : `'${text.replace(/'/g, "''")}'`;
}

function pythonValue(text: string | null, type: string): string {
  if (text === null) return "None";
  const family = familyOf(type);
  if (family === "boolean") return text.startsWith("t") ? "True" : "False";
  if (family === "number" && /^-?(0|[1-9]\d*)$/.test(text)) return text;
  if (/^(numeric|decimal)/.test(type)) return `Decimal(${pythonString(text)})`;
  if (family === "number" && /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return text;
  return pythonString(text);
}

function pythonString(text: string): string {
  return JSON.stringify(text).replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
}
