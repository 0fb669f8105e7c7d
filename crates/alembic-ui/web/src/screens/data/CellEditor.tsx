import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Column } from "@/api/browser";
import { Button } from "@/components/Button";
import { cx } from "@/lib/cx";
import { familyOf, pretty, refusal } from "@/lib/cell";
import { bytes } from "@/lib/format";
import { choicesOf, hasDefault } from "./model";
import type { Draft } from "./staging";

interface Props {
  column: Column;
  /** What is there now, staged or stored; null is NULL. */
  value: string | null;
  onCommit: (draft: Draft) => void;
  onCancel: () => void;
}

/** Edits one value in place, in the manner of its type. Enter accepts, Escape leaves it as it was. */
export function CellEditor({ column, value, onCommit, onCancel }: Props) {
  const family = familyOf(column.type_name);
  const long = family === "json" || family === "array" || (value?.length ?? 0) > 60 || (value?.includes("\n") ?? false) || column.type_name === "text";
  const [text, setText] = useState(family === "json" && value !== null ? pretty(value, column.type_name) : (value ?? ""));
  const [touched, setTouched] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const settled = useRef(false);
  const wrong = text === "" && family !== "text" && family !== "other" ? "NULL, or a value, is wanted" : refusal(text, column.type_name);

  useEffect(() => {
    const field = frame.current?.querySelector<HTMLInputElement>("input,textarea,select");
    field?.focus();
    if (field && "select" in field && typeof field.select === "function") field.select();
  }, []);

  const settle = (draft: Draft | null) => {
    if (settled.current) return;
    settled.current = true;
    if (draft) onCommit(draft);
    else onCancel();
  };
  const accept = () => {
    if (!touched) settle(null);
    else if (!wrong) settle({ kind: "value", text });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      settle(null);
    } else if (event.key === "Enter" && !event.shiftKey && event.target instanceof HTMLElement && event.target.tagName !== "BUTTON") {
      event.preventDefault();
      accept();
    }
  };
  const change = (next: string) => {
    setText(next);
    setTouched(true);
  };

  return (
    <div
      ref={frame}
      className="rounded-md border-2 border-accent bg-raised"
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && frame.current?.contains(event.relatedTarget)) return;
        if (touched && !wrong) settle({ kind: "value", text });
        else if (!touched) settle(null);
      }}
    >
      <Field column={column} family={family} long={long} text={text} isNull={value === null && !touched} wrong={wrong !== null && touched} onChange={change} onChoose={(next) => settle({ kind: "value", text: next })} />
      {touched && wrong && <p role="alert" className="max-w-96 px-2 py-1 text-xs text-broken">{wrong}</p>}
      {family === "bytea" && !wrong && <p className="px-2 pb-1 text-xs text-muted">{bytes((text.replace(/\s+/g, "").length - 2) / 2)}</p>}
      <div className="flex flex-wrap gap-1 border-t p-1">
        {column.is_nullable && <Button variant="ghost" className="h-6 px-1.5 text-xs" onClick={() => settle({ kind: "null" })}>Set NULL</Button>}
        {hasDefault(column) && <Button variant="ghost" className="h-6 px-1.5 text-xs" onClick={() => settle({ kind: "default" })} title={column.default ?? undefined}>Set DEFAULT</Button>}
        {(family === "text" || family === "other") && !choicesOf(column) && <Button variant="ghost" className="h-6 px-1.5 text-xs" onClick={() => settle({ kind: "value", text: "" })}>Empty string</Button>}
        <span className="flex-1" />
        <Button variant="ghost" className="h-6 px-1.5 text-xs" disabled={touched && wrong !== null} onClick={() => accept()}>Accept</Button>
      </div>
    </div>
  );
}

interface FieldProps {
  column: Column;
  family: string;
  long: boolean;
  text: string;
  isNull: boolean;
  wrong: boolean;
  onChange: (text: string) => void;
  onChoose: (text: string) => void;
}

const look = "block w-full bg-transparent px-2 font-mono text-xs outline-none";

function Field({ column, family, long, text, isNull, wrong, onChange, onChoose }: FieldProps) {
  const common = { "aria-label": `Edit ${column.name}`, "aria-invalid": wrong || undefined, placeholder: isNull ? "NULL" : column.type_name, spellCheck: false };
  const choices = choicesOf(column) ?? (family === "boolean" ? ["true", "false"] : null);
  // Keys walk through a closed list, one change for each step: only Enter, or leaving, says that one has arrived.
  const byKeys = useRef(false);
  if (choices) {
    const now = family === "boolean" ? (text.startsWith("t") ? "true" : text.startsWith("f") ? "false" : "") : text;
    return (
      <select {...common} className={cx(look, "h-7")} value={now} onKeyDown={() => (byKeys.current = true)} onPointerDown={() => (byKeys.current = false)} onChange={(event) => (byKeys.current ? onChange : onChoose)(event.target.value)}>
        {!choices.includes(now) && <option value={now}>{isNull ? "NULL" : now}</option>}
        {choices.map((each) => <option key={each} value={each}>{each}</option>)}
      </select>
    );
  }
  if (long) return <textarea {...common} className={cx(look, "min-h-20 w-96 max-w-[70vw] resize py-1.5 leading-[18px]")} rows={Math.min(14, Math.max(4, text.split("\n").length + 1))} value={text} onChange={(event) => onChange(event.target.value)} />;
  return <input {...common} className={cx(look, "h-7 min-w-40", family === "number" && "text-right")} inputMode={family === "number" ? "decimal" : undefined} value={text} onChange={(event) => onChange(event.target.value)} />;
}
