import { useEffect } from "react";
import { href, navigate } from "./router";
import { screens } from "./screens";

/** Keys that work on every screen, for the help and the palette. */
export const globalKeys: { keys: string[]; what: string }[] = [
  { keys: ["Ctrl", "K"], what: "Search everything: tables, revisions, actions, screens" },
  ...screens.map(({ key, name }) => ({ keys: ["g", key], what: `Go to ${name}` })),
  { keys: ["/"], what: "Go to the search box of the screen" },
  { keys: ["?"], what: "Show these keys" },
  { keys: ["Esc"], what: "Close what is open" },
];

/** Milliseconds in which the second key of a pair must follow. */
const PAIR = 1200;

/** Listens for the keys of the whole page. */
export function useKeys(open: (overlay: "palette" | "keys") => void): void {
  useEffect(() => {
    let afterG = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("[role=dialog]")) return;
      if (Date.now() - afterG < PAIR) {
        afterG = 0;
        const screen = screens.find(({ key }) => key === event.key);
        if (screen) {
          event.preventDefault();
          navigate(href([screen.id]));
        }
      } else if (event.key === "g") {
        afterG = Date.now();
      } else if (event.key === "?") {
        open("keys");
      } else if (event.key === "/") {
        const box = document.querySelector<HTMLInputElement>("#content input[type=search]");
        if (box) {
          event.preventDefault();
          box.focus();
        }
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [open]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
