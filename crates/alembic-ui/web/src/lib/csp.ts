import { setNonce } from "get-nonce";

const placeholder = "__CSP_NONCE__";

/** The nonce that the server put into this document, for style elements made at run time; undefined while developing. */
export const cspNonce: string | undefined = readNonce();

function readNonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]");
  const nonce = meta?.nonce || meta?.getAttribute("nonce") || undefined;
  return nonce === placeholder ? undefined : nonce;
}

/** Hands the nonce to the libraries that make style elements (react-remove-scroll under Radix). */
export function shareNonce(): void {
  if (cspNonce) setNonce(cspNonce);
}
