import { useEffect, useRef, type RefObject } from "react";
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { PostgreSQL, sql, type SQLNamespace } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { cspNonce } from "@/lib/csp";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--applied)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--pending)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--current)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", backgroundColor: "var(--bg)", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", fontVariantLigatures: "none" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--bg)", color: "var(--faint)", border: "none", paddingLeft: "4px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--surface)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)", borderRadius: "5px", color: "var(--text)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", fontFamily: "var(--font-mono)", fontSize: "12px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "var(--on-accent)" },
  ".cm-matchingBracket": { backgroundColor: "var(--hover)", outline: "1px solid var(--line-strong)" },
  ".cm-placeholder": { color: "var(--faint)" },
});

interface Props {
  initial: string;
  schema: SQLNamespace;
  view: RefObject<EditorView | null>;
  onChange: (text: string) => void;
  onRunStatement: () => void;
  onRunAll: () => void;
}

/** CodeMirror with PostgreSQL's words and the tables and columns of this database. */
export function SqlEditor({ initial, schema, view, onChange, onRunStatement, onRunAll }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const language = useRef(new Compartment());
  const call = useRef({ onChange, onRunStatement, onRunAll });
  call.current = { onChange, onRunStatement, onRunAll };

  useEffect(() => {
    const run = (which: "onRunStatement" | "onRunAll") => () => {
      call.current[which]();
      return true;
    };
    const editor = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: initial,
        extensions: [
          cspNonce ? EditorView.cspNonce.of(cspNonce) : [],
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: run("onRunStatement") }, { key: "Mod-Shift-Enter", run: run("onRunAll") }])),
          lineNumbers(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          syntaxHighlighting(colours),
          look,
          placeholder("select …"),
          language.current.of(sql({ dialect: PostgreSQL, upperCaseKeywords: false })),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": "SQL", spellcheck: "false" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) call.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
    // The editor keeps its own text from here on.
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(sql({ dialect: PostgreSQL, schema, defaultSchema: "public" })) });
  }, [schema, view]);

  return <div ref={parent} className="h-full min-h-0" />;
}
