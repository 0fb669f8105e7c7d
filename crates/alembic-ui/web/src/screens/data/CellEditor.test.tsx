import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Column } from "@/api/browser";
import { CellEditor } from "./CellEditor";

afterEach(cleanup);

const column = (more: Partial<Column>): Column => ({ name: "value", position: 1, type_name: "text", type_kind: { kind: "base" }, is_nullable: true, default: null, identity: null, generated: null, collation: null, comment: null, is_orderable: true, can_select: true, can_insert: true, can_update: true, ...more }) as Column;

function open(more: Partial<Column>, value: string | null) {
  const onCommit = vi.fn();
  const onCancel = vi.fn();
  render(<CellEditor column={column(more)} value={value} onCommit={onCommit} onCancel={onCancel} />);
  return { onCommit, onCancel, field: screen.getByLabelText("Edit value"), user: userEvent.setup() };
}

describe("CellEditor", () => {
  it("accepts with Enter and leaves things as they were with Escape", async () => {
    const first = open({ type_name: "integer" }, "4");
    await first.user.clear(first.field);
    await first.user.type(first.field, "12{Enter}");
    expect(first.onCommit).toHaveBeenCalledWith({ kind: "value", text: "12" });
    cleanup();
    const second = open({ type_name: "integer" }, "4");
    await second.user.type(second.field, "9{Escape}");
    expect(second.onCommit).not.toHaveBeenCalled();
    expect(second.onCancel).toHaveBeenCalled();
  });

  it("keeps what cannot be right and says why", async () => {
    const { field, user, onCommit } = open({ type_name: "integer" }, "4");
    await user.type(field, "x{Enter}");
    expect(onCommit).not.toHaveBeenCalled();
    expect(screen.getByRole("alert").textContent).toBe("a whole number is wanted");
  });

  it("offers NULL, DEFAULT and the empty string where they make sense", async () => {
    const { user, onCommit } = open({ default: "now()" }, "x");
    await user.click(screen.getByRole("button", { name: "Set NULL" }));
    expect(onCommit).toHaveBeenCalledWith({ kind: "null" });
    cleanup();
    const next = open({ default: "now()" }, null);
    await next.user.click(screen.getByRole("button", { name: "Empty string" }));
    expect(next.onCommit).toHaveBeenCalledWith({ kind: "value", text: "" });
    cleanup();
    open({ is_nullable: false, type_name: "integer" }, "1");
    expect(screen.queryByRole("button", { name: "Set NULL" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Set DEFAULT" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Empty string" })).toBeNull();
  });

  it("lists the values of an enum", async () => {
    const { field, user, onCommit } = open({ type_name: "pet_sex", type_kind: { kind: "enum", values: ["female", "male"] } }, "male");
    await user.selectOptions(field, "female");
    expect(onCommit).toHaveBeenCalledWith({ kind: "value", text: "female" });
  });

  it("walks through the values of an enum by keys, and takes the one that Enter is pressed on", () => {
    const { field, onCommit } = open({ type_name: "pet_sex", type_kind: { kind: "enum", values: ["female", "male", "unknown"] } }, "female");
    for (const value of ["male", "unknown"]) {
      fireEvent.keyDown(field, { key: "ArrowDown" });
      fireEvent.change(field, { target: { value } });
    }
    expect(onCommit).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onCommit).toHaveBeenCalledExactlyOnceWith({ kind: "value", text: "unknown" });
  });

  it("shows JSON spread and checks it", async () => {
    const { field } = open({ type_name: "jsonb" }, '{"a":1}');
    expect((field as HTMLTextAreaElement).value).toBe('{\n  "a": 1\n}');
  });
});
