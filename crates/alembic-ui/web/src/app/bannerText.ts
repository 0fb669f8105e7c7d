import type { Status } from "@/api/types";
import type { Tone } from "@/components/Badge";
import { plural } from "@/lib/format";

export interface BannerText {
  tone: Tone;
  /** A shape that says the same as the colour. */
  glyph: string;
  text: string;
  /** More, for the same line. */
  detail: string | null;
}

/** The one sentence about where the database stands. */
export function bannerText(status: Status): BannerText {
  const pending = status.pending.length;
  switch (status.state) {
    case "up-to-date":
      return { tone: "applied", glyph: "●", text: "Database is up to date", detail: headsOf(status) };
    case "behind":
    case "unstamped":
      return {
        tone: "pending",
        glyph: "○",
        text: plural(pending, "pending migration"),
        detail: status.state === "unstamped" ? "no revision is applied yet" : headsOf(status),
      };
    case "ahead":
      return { tone: "broken", glyph: "◌", text: "Database is ahead of this project", detail: missingOf(status) };
    case "diverged":
      return { tone: "broken", glyph: "◌", text: "Database and project have diverged", detail: missingOf(status) };
    case "unknown-revision":
      return { tone: "broken", glyph: "◌", text: "Database is at a revision that is not in this project", detail: missingOf(status) };
    case "no-database":
      return { tone: "broken", glyph: "×", text: status.url ? "Database does not answer" : "No database URL found", detail: status.reason };
    case "unknown":
      return { tone: "neutral", glyph: "?", text: "State of the database is not known", detail: status.reason };
  }
}

function headsOf(status: Status): string | null {
  const heads = status.database?.heads ?? [];
  return heads.length > 0 ? `at ${heads.join(", ")}` : null;
}

function missingOf(status: Status): string | null {
  return status.missing.map(({ id }) => id).join(", ") || status.reason;
}
