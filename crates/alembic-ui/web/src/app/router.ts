/**
 * Where one is, kept in the fragment of the address: `#/data/public/pets?sort=name`.
 *
 * The fragment never leaves the browser, so SQL and filters reach no log; the server has one document.
 */

import { useMemo, useSyncExternalStore } from "react";

/** A place: path segments, decoded, and the query. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

/** Reads a fragment. What is not a path is the start screen. */
export function parsePlace(hash: string): Place {
  const text = hash.startsWith("#/") ? hash.slice(2) : "";
  const mark = text.indexOf("?");
  const path = (mark < 0 ? text : text.slice(0, mark)).split("/").filter(Boolean).map(decode);
  return { path, query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Writes a place as a link. Empty and absent values are left out. */
export function href(path: string[], query: Query = {}): string {
  const search = query instanceof URLSearchParams ? query : toSearch(query);
  const text = search.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

type Query = URLSearchParams | Record<string, string | string[] | null | undefined>;

function toSearch(query: Record<string, string | string[] | null | undefined>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null && item !== undefined && item !== "") search.append(key, item);
    }
  }
  return search;
}

/** Goes to a place; `replace` leaves no step to go back to. Everybody knows at once: the browser's own event comes a task later. */
export function navigate(to: string, { replace = false } = {}): void {
  if (to === window.location.hash) return;
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Changes some values of the query of where one is. */
export function patchQuery(patch: Record<string, string | string[] | null>, options: { replace?: boolean } = { replace: true }): void {
  const { path, query } = parsePlace(window.location.hash);
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(patch)) {
    next.delete(key);
    for (const item of Array.isArray(value) ? value : [value]) if (item) next.append(key, item);
  }
  navigate(href(path.length ? path : ["migrations"], next), options);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/** The present place, followed as it changes. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parsePlace(hash), [hash]);
}
