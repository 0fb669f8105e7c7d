import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Column } from "@/api/browser";
import type { SortKey } from "@/components/grid/types";
import { SortMenu } from "./SortMenu";

afterEach(cleanup);

const columns = [
  { name: "id", is_orderable: true },
  { name: "born", is_orderable: true },
  { name: "facts", is_orderable: false },
] as Column[];

async function open(sort: SortKey[]) {
  const onChange = vi.fn();
  render(<SortMenu columns={columns} sort={sort} onChange={onChange} />);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Sort" }));
  return { user, onChange };
}

describe("the order", () => {
  it("takes a column that can be ordered", async () => {
    const { user, onChange } = await open([{ column: "id", direction: "desc" }]);
    const add = screen.getByLabelText("Add column to the order");
    expect([...add.querySelectorAll("option")].map(({ textContent }) => textContent)).toEqual(["then by…", "born"]);
    await user.selectOptions(add, "born");
    expect(onChange).toHaveBeenCalledWith([{ column: "id", direction: "desc" }, { column: "born", direction: "asc" }]);
  });

  it("says where NULL stands, and leaves it to PostgreSQL again", async () => {
    const first = await open([{ column: "born", direction: "asc" }]);
    await first.user.selectOptions(screen.getByLabelText("NULL in born"), "first");
    expect(first.onChange).toHaveBeenCalledWith([{ column: "born", direction: "asc", nulls: "first" }]);
    cleanup();
    const second = await open([{ column: "born", direction: "asc", nulls: "first" }]);
    await second.user.selectOptions(screen.getByLabelText("NULL in born"), "");
    expect(second.onChange).toHaveBeenCalledWith([{ column: "born", direction: "asc", nulls: undefined }]);
  });

  it("turns, moves and drops columns", async () => {
    const sort: SortKey[] = [{ column: "id", direction: "asc" }, { column: "born", direction: "asc", nulls: "last" }];
    const { user, onChange } = await open(sort);
    await user.selectOptions(screen.getByLabelText("Direction of id"), "desc");
    expect(onChange).toHaveBeenLastCalledWith([{ column: "id", direction: "desc" }, sort[1]]);
    await user.click(screen.getByRole("button", { name: "Move born up" }));
    expect(onChange).toHaveBeenLastCalledWith([sort[1], sort[0]]);
    await user.click(screen.getByRole("button", { name: "Remove id from the order" }));
    expect(onChange).toHaveBeenLastCalledWith([sort[1]]);
  });
});
