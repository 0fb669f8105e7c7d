/** A key, as it is printed on it. */
export function Kbd({ children }: { children: string }) {
  return <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong px-1 text-[11px] text-muted">{children}</kbd>;
}
