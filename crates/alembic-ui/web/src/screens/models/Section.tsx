import type { ReactNode } from "react";

/** A part of the detail, under its name. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      {children}
    </section>
  );
}
