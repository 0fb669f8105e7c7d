import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, stream } from "./client";
import { createSseParser, type SseEvent } from "./sse";

describe("createSseParser", () => {
  const text = ": hello\nid: 1\nevent: line\ndata: a\ndata: b\n\ndata:c\r\n\r\nid: 3\n\n";
  const wanted: SseEvent[] = [
    { id: "1", event: "line", data: "a\nb" },
    { id: null, event: "message", data: "c" },
  ];

  it("reads events however they are cut", () => {
    for (let size = 1; size < text.length; size += 1) {
      const events: SseEvent[] = [];
      const feed = createSseParser((event) => events.push(event));
      for (let at = 0; at < text.length; at += size) feed(text.slice(at, at + size));
      expect(events).toEqual(wanted);
    }
  });
});

const body = (...events: [number, string, string][]) => events.map(([id, event, data]) => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`).join("");

describe("stream", () => {
  afterEach(() => vi.unstubAllGlobals());

  function serve(...answers: (Response | Error)[]) {
    const asked: (string | null)[] = [];
    vi.stubGlobal("fetch", (_path: string, init: RequestInit) => {
      asked.push(new Headers(init.headers).get("last-event-id"));
      const answer = answers.shift();
      return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error("asked too often"));
    });
    return asked;
  }

  const read = async (signal = new AbortController().signal) => {
    const seen: string[] = [];
    const states: string[] = [];
    await stream("/api/runs/1/output", { signal, backoff: () => 0, onEvent: ({ data }) => seen.push(data), onState: (state) => states.push(state) });
    return { seen, states };
  };

  it("takes up a cut connection behind the last event and passes nothing on twice", async () => {
    const asked = serve(new Response(body([1, "line", "a"], [2, "line", "b"])), new TypeError("network"), new Response(body([2, "line", "b"], [3, "line", "c"], [4, "end", "done"])));
    const { seen, states } = await read();
    expect(seen).toEqual(["a", "b", "c", "done"]);
    expect(asked).toEqual([null, "2", "2"]);
    expect(states).toContain("reconnecting");
  });

  it("gives up when the server refuses", async () => {
    serve(new Response('{"code":"not-found","message":"there is no such run"}', { status: 404 }));
    await expect(read()).rejects.toThrowError(ApiError);
  });

  it("ends when it is told to", async () => {
    serve(new Response(body([1, "line", "a"])));
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 10);
    await expect(read(stop.signal)).resolves.toBeDefined();
  });
});
