/**
 * The only module that talks to the server: requests, errors, and the stream of a run.
 *
 * It knows HTTP and the shape of an error, and nothing of screens or caches.
 */

import { createSseParser, type SseEvent } from "./sse";

/** What the server says about a refused request. `code` is stable, `message` is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly help: string | null = null,
    readonly body: unknown = null,
    /** The whole report of the command line, where there is one. */
    readonly report: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The server could not be reached at all. */
export class OfflineError extends Error {
  readonly help = "is `alembic-rs ui` still running in its terminal? this page reconnects by itself";
  constructor() {
    super("the local server does not answer");
    this.name = "OfflineError";
  }
}

interface Options {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const sessionLost = new Set<() => void>();

/** Calls `listener` whenever the server answers 401. Returns the way to stop. */
export function onSessionLost(listener: () => void): () => void {
  sessionLost.add(listener);
  return () => sessionLost.delete(listener);
}

/** Sends one request and reads its JSON. Throws `ApiError` or `OfflineError`. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const type = response.headers.get("content-type") ?? "";
  return (type.includes("json") ? await response.json() : await response.text()) as T;
}

async function send(path: string, { method = "GET", body, signal }: Options): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", cache: "no-store", redirect: "error" };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  const response = await reach(path, init);
  if (!response.ok) throw await refusal(response, path);
  return response;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError();
  }
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  if (response.status === 401 && path !== "/api/session") sessionLost.forEach((listener) => listener());
  const body: unknown = await response.json().catch(() => null);
  const said = describe(body);
  return new ApiError(
    response.status,
    said.code ?? `http-${response.status}`,
    said.message ?? `the server answered ${response.status}`,
    said.help ?? null,
    body,
    said.report ?? null,
  );
}

function describe(body: unknown): { code?: string; message?: string; help?: string; report?: string } {
  if (typeof body !== "object" || body === null) return {};
  const facts = body as Record<string, unknown>;
  const text = (key: string) => (typeof facts[key] === "string" ? { [key]: facts[key] } : {});
  return { ...text("code"), ...text("message"), ...text("help"), ...text("report") };
}

/** How a stream is read: what to do with each event, and when it is over for good. */
export interface StreamOptions {
  onEvent: (event: SseEvent) => void;
  onState?: (state: "open" | "reconnecting") => void;
  signal: AbortSignal;
  /** Milliseconds before the n-th attempt to reconnect. */
  backoff?: (attempt: number) => number;
}

/**
 * Reads server-sent events until the server ends the stream with an event named `end`, or `signal` aborts.
 *
 * A cut connection is taken up again after the last event id that arrived; events that come twice are
 * passed on once. Throws `ApiError` when the server refuses the stream.
 */
export async function stream(path: string, options: StreamOptions): Promise<void> {
  const { signal, onState, backoff = (attempt) => Math.min(250 * 2 ** attempt, 3000) } = options;
  const seen = { lastId: null as string | null, ended: false };
  for (let attempt = 0; !signal.aborted && !seen.ended; attempt += 1) {
    if (attempt > 0) {
      onState?.("reconnecting");
      await pause(backoff(attempt - 1), signal);
    }
    try {
      if (await readOnce(path, options, seen)) attempt = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status < 500) throw error;
    }
  }
}

async function readOnce(path: string, options: StreamOptions, seen: { lastId: string | null; ended: boolean }) {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (seen.lastId !== null) headers["last-event-id"] = seen.lastId;
  const response = await reach(path, { headers, signal: options.signal, credentials: "same-origin", cache: "no-store" });
  if (!response.ok || !response.body) throw await refusal(response, path);
  options.onState?.("open");
  let any = false;
  const parser = createSseParser((event) => {
    if (event.id !== null && seen.lastId !== null && Number(event.id) <= Number(seen.lastId)) return;
    if (event.id !== null) seen.lastId = event.id;
    any = true;
    if (event.event === "end") seen.ended = true;
    options.onEvent(event);
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return any;
    parser(decoder.decode(value, { stream: true }));
    if (seen.ended) {
      await reader.cancel().catch(() => undefined);
      return any;
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Has the browser save what `path` answers, straight to disk. */
export function download(path: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
