import { useEffect, useState } from "react";
import { Check, Copy as CopyIcon } from "lucide-react";
import { Button } from "./Button";

/** Puts text on the clipboard; false when the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A button that copies `text` and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button variant="ghost" icon aria-label={label} title={label} onClick={() => void copyText(text).then(setCopied)}>
      {copied ? <Check className="size-3.5 text-applied" aria-hidden /> : <CopyIcon className="size-3.5" aria-hidden />}
    </Button>
  );
}
