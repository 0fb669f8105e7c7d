/** One server-sent event. `id` is null when the server gave none. */
export interface SseEvent {
  id: string | null;
  event: string;
  data: string;
}

/**
 * Makes a reader of the text/event-stream format: feed it pieces of text as they arrive, in any cut.
 * Follows the HTML standard, section "Interpreting an event stream".
 */
export function createSseParser(onEvent: (event: SseEvent) => void): (chunk: string) => void {
  let rest = "";
  let id: string | null = null;
  let name = "";
  let data: string[] = [];

  const dispatch = () => {
    if (data.length > 0) onEvent({ id, event: name || "message", data: data.join("\n") });
    id = null;
    name = "";
    data = [];
  };
  const field = (line: string) => {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const key = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (key === "data") data.push(value);
    else if (key === "event") name = value;
    else if (key === "id") id = value;
  };

  return (chunk) => {
    rest += chunk;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") dispatch();
      else field(line);
    }
  };
}
