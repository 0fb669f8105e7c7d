/** How a session begins: by the launch code in the address, or by the secret of the server. */

import { request } from "./client";

/** Takes the launch code out of the address, so that neither history nor a copied link holds it. */
export function takeCode(): string | null {
  const match = /^#code=([^&]+)/.exec(window.location.hash);
  if (!match) return null;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return decodeURIComponent(match[1] ?? "");
}

/** Opens a session; the server answers with a cookie that no script can read. */
export function openSession(proof: { code: string } | { token: string }): Promise<void> {
  return request<void>("/api/session", { method: "POST", body: proof });
}
