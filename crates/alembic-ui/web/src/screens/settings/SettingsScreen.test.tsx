import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "@/api/types";
import SettingsScreen from "./SettingsScreen";

const stored: Settings = { theme: "dark", rows_per_page: 100, read_only: false, time_display: "stored", keep_history: true };

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** Answers to changes, in the order in which they are given. */
let answers: ((response: Response) => void)[] = [];
let sent: Settings[] = [];

beforeEach(() => {
  answers = [];
  sent = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) => {
    if (init.method === "PUT") {
      sent.push(JSON.parse(String(init.body)) as Settings);
      return new Promise((resolve) => answers.push(resolve));
    }
    return Promise.resolve(path === "/api/settings" ? json({ settings: stored, read_only_forced: false, file: null }) : json({ code: "none", message: "not here" }, 404));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={client}><SettingsScreen /></QueryClientProvider>);
  return screen.findByRole<HTMLInputElement>("checkbox", { name: "Nothing may be changed" });
}

const refusal = { code: "settings-not-written", message: "the disk is full" };

describe("settings", () => {
  it("are checked within the very event, however long the server takes", async () => {
    const box = await open();
    fireEvent.click(box);
    expect(box.checked).toBe(true);
    await waitFor(() => expect(sent).toEqual([{ ...stored, read_only: true }]));
    expect(box.checked).toBe(true);
    answers[0]!(json({ settings: { ...stored, read_only: true }, read_only_forced: false, file: null }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(box.checked).toBe(true);
  });

  it("choose from a list at once too", async () => {
    await open();
    const times = screen.getByLabelText<HTMLSelectElement>("Times");
    fireEvent.change(times, { target: { value: "local" } });
    expect(times.value).toBe("local");
  });

  it("go back with the reason when the server refuses", async () => {
    const box = await open();
    fireEvent.click(box);
    await waitFor(() => expect(answers).toHaveLength(1));
    answers[0]!(json(refusal, 500));
    expect((await screen.findByText("the disk is full")).closest("[role=alert]")).not.toBeNull();
    await waitFor(() => expect(box.checked).toBe(false));
  });

  it("send a second change behind the first, with both in it", async () => {
    const box = await open();
    fireEvent.click(box);
    fireEvent.change(screen.getByLabelText("Theme"), { target: { value: "light" } });
    await waitFor(() => expect(answers).toHaveLength(1));
    answers[0]!(json({ settings: sent[0], read_only_forced: false, file: null }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ ...stored, read_only: true, theme: "light" });
    expect(screen.getByLabelText<HTMLSelectElement>("Theme").value).toBe("light");
    answers[1]!(json({ settings: sent[1], read_only_forced: false, file: null }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(box.checked).toBe(true);
  });
});
