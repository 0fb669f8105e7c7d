/** `system` follows the operating system. */
export type Theme = "dark" | "light" | "system";

/** Puts a theme on the document. Returns the way to stop following the system. */
export function applyTheme(theme: Theme): (() => void) | undefined {
  if (theme !== "system") {
    document.documentElement.dataset["theme"] = theme;
    return undefined;
  }
  const light = window.matchMedia("(prefers-color-scheme: light)");
  const follow = () => {
    document.documentElement.dataset["theme"] = light.matches ? "light" : "dark";
  };
  follow();
  light.addEventListener("change", follow);
  return () => light.removeEventListener("change", follow);
}
