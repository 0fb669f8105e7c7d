import { useLayoutEffect, useRef, type RefObject, type UIEvent } from "react";

/**
 * Keeps the end in view while the content grows. Only a move upwards leaves it: lines that come between a scroll and its
 * event, or turn out taller than they were thought to be, push the end away without anybody having scrolled. Within `near`
 * pixels of the end counts as there; `size` changes with the content.
 */
export function useFollowEnd(scroller: RefObject<HTMLElement | null>, size: number, near: number): (event: UIEvent<HTMLElement>) => void {
  const follows = useRef(true);
  const last = useRef(0);
  useLayoutEffect(() => {
    const node = scroller.current;
    if (node && follows.current) node.scrollTop = node.scrollHeight;
  }, [scroller, size]);
  return ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
    if (scrollHeight - scrollTop - clientHeight < near) follows.current = true;
    else if (scrollTop < last.current) follows.current = false;
    last.current = scrollTop;
  };
}
