import { useRef } from "react";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { useFollowEnd } from "./useFollowEnd";

afterEach(cleanup);

/** A window of 100 px on content of `size` px. */
function Log({ size }: { size: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const measured = (node: HTMLDivElement | null) => {
    scroller.current = node;
    if (!node) return;
    Object.defineProperty(node, "scrollHeight", { value: size, configurable: true });
    Object.defineProperty(node, "clientHeight", { value: 100, configurable: true });
  };
  return <div ref={measured} role="log" onScroll={useFollowEnd(scroller, size, 36)} />;
}

const log = () => screen.getByRole("log");

describe("the end of the output", () => {
  it("is followed, also when more has come before the scroll is heard of", () => {
    const { rerender } = render(<Log size={300} />);
    expect(log().scrollTop).toBe(300);
    rerender(<Log size={500} />);
    expect(log().scrollTop).toBe(500);
    log().scrollTop = 400;
    fireEvent.scroll(log());
    rerender(<Log size={900} />);
    // The event of the scroll to 400 comes when there are 900 already.
    log().scrollTop = 400;
    fireEvent.scroll(log());
    rerender(<Log size={950} />);
    expect(log().scrollTop).toBe(950);
  });

  it("is left by a move upwards, and taken up again there", () => {
    const { rerender } = render(<Log size={500} />);
    for (const at of [400, 200]) {
      log().scrollTop = at;
      fireEvent.scroll(log());
    }
    rerender(<Log size={600} />);
    expect(log().scrollTop).toBe(200);
    log().scrollTop = 500;
    fireEvent.scroll(log());
    rerender(<Log size={700} />);
    expect(log().scrollTop).toBe(700);
  });
});
