/** How numbers, times and sizes are written on every screen. */

const integers = new Intl.NumberFormat("en-US");

/** `1234567` → `1,234,567`. */
export function count(value: number): string {
  return integers.format(value);
}

/** `1 revision`, `2 revisions`; `many` where the plural is not formed with an s. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Bytes as `812 B`, `1.4 kB`, `3.2 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let rest = value;
  let unit = -1;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${rest.toFixed(rest < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Milliseconds as `14 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The day of a create date as Alembic writes it: `2026-09-03 13:05:22.914630+00:00` → `2026-09-03`. */
export function day(createDate: string | null): string {
  return createDate?.match(/^\d{4}-\d\d-\d\d/)?.[0] ?? createDate ?? "";
}

/** `13:05:22` of a moment, in local time. */
export function clock(moment: Date): string {
  return moment.toLocaleTimeString("en-GB", { hour12: false });
}

/** `13:05:22` for a moment of today, `Nov 27, 13:05` for one before. */
export function moment(when: Date, now = new Date()): string {
  if (when.toDateString() === now.toDateString()) return clock(when);
  return `${when.toLocaleDateString("en-US", { month: "short", day: "numeric" })}, ${clock(when).slice(0, 5)}`;
}

const compactNumbers = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** `1234567` → `1.2M`. */
export function compact(value: number): string {
  return compactNumbers.format(value);
}
