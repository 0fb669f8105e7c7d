/** What a database URL says to a person: which database, on which machine. */

export interface DatabasePlace {
  /** The database, or the file of SQLite. */
  name: string;
  /** The machine with its port; empty for a file or a socket. */
  host: string;
  /** On this machine. Every other host is shown in red and asks for typed words before anything is written. */
  local: boolean;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/** Reads a URL in SQLAlchemy's form; null when it has another one. */
export function databasePlace(url: string): DatabasePlace | null {
  const parts = /^([\w+]+):\/\/(?:[^@/]*@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url);
  if (!parts) return null;
  const [, scheme = "", authority = "", path = "", query = ""] = parts;
  if (scheme.startsWith("sqlite")) return { name: lastPart(path) || "in memory", host: "", local: true };
  const inQuery = new URLSearchParams(query).get("host") ?? "";
  const [hostAlone] = splitPort(authority || inQuery);
  const socket = hostAlone === "" || hostAlone.startsWith("/");
  return { name: safeDecode(path), host: socket ? "" : authority || inQuery, local: socket || loopback.test(hostAlone) };
}

function splitPort(authority: string): [string, string] {
  const match = /^(.*?)(?::(\d+))?$/.exec(authority);
  return [match?.[1] ?? authority, match?.[2] ?? ""];
}

function lastPart(path: string): string {
  return safeDecode(path.split(/[\\/]/).pop() ?? "");
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
