//! The Python module that a template stands for, as Mako makes one of it.

pub(super) mod assigned;
mod calls;
pub(super) mod names;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use python_static::TextRange;

use self::calls::{Calls, Line};
use super::lexer::Node;
use super::literal;
use super::variables::Variables;

/// The name that holds what was rendered: `(text, [(node, text), …], calls)`.
pub(super) const RESULT: &str = "_rs_result";

/// What every rendered template stands on.
const RUNTIME: &str = include_str!("runtime/base.py");

/// What only some stand on, each behind the word that gives its use away.
const RUNTIME_PARTS: [(&str, &str); 4] = [
    ("_rs_filter_", include_str!("runtime/filters.py")),
    ("_rs_NoLoop", include_str!("runtime/loop.py")),
    ("_rs_Config", include_str!("runtime/config.py")),
    ("_rs_Moment", include_str!("runtime/moment.py")),
];

/// One level of indentation.
const INDENT: &str = "    ";

/// A generated module.
pub(super) struct Program {
    text: String,
    /// Pieces of it with the node that each comes from, in order.
    places: Vec<(TextRange, TextRange)>,
    has_undefined: bool,
}

impl Program {
    /// The program of `nodes`. With a `limit`, expressions and blocks from that node on do nothing.
    pub(super) fn new(nodes: &[Node], variables: &Variables, limit: Option<usize>) -> Self {
        let limit = limit.unwrap_or(usize::MAX);
        let mut writer = Writer::new(names::used(nodes));
        writer.module(nodes, variables);
        writer.body(nodes, limit);
        let mut text = runtime(&writer.out);
        let start = text.len();
        text.push_str(&writer.out);
        let moved =
            |(from, place): (TextRange, TextRange)| (from.start + start..from.end + start, place);
        let places = writer.places.into_iter().map(moved).collect();
        Self { text, places, has_undefined: writer.has_undefined }
    }

    /// The Python source.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the template uses a name that nothing defines.
    pub(super) fn has_undefined(&self) -> bool {
        self.has_undefined
    }

    /// The node that a place of the program comes from.
    pub(super) fn place(&self, at: &TextRange) -> Option<TextRange> {
        let inside =
            |(from, _): &&(TextRange, TextRange)| from.start <= at.start && at.start < from.end;
        self.places.iter().find(inside).map(|(_, place)| place.clone())
    }
}

/// The parts of the runtime that a program needs: the less is read, the sooner a script is written.
fn runtime(program: &str) -> String {
    let needed = RUNTIME_PARTS.iter().filter(|(word, _)| program.contains(word));
    let mut runtime = RUNTIME.to_owned();
    for (_, part) in needed {
        runtime.push_str("\n\n");
        runtime.push_str(part);
    }
    runtime
}

struct Writer {
    out: String,
    places: Vec<(TextRange, TextRange)>,
    used: BTreeSet<String>,
    has_undefined: bool,
    depth: usize,
    /// Whether each of the open `for` lines made a `loop`.
    loops: Vec<bool>,
}

impl Writer {
    fn new(used: BTreeSet<String>) -> Self {
        Self {
            out: String::new(),
            places: Vec::new(),
            used,
            has_undefined: false,
            depth: 1,
            loops: Vec::new(),
        }
    }

    /// What the module binds before anything is rendered: the names of the context, then what `<%! %>` blocks say.
    fn module(&mut self, nodes: &[Node], variables: &Variables) {
        self.out.push_str("\n\n");
        let given = variables.names();
        for name in self.used.clone() {
            let passed = given.iter().any(|(passed, _)| *passed == name);
            if !passed && !names::is_known(&name) {
                self.has_undefined = true;
                let _ = writeln!(self.out, "{name} = UNDEFINED");
            }
        }
        // A context holds them all.
        let all = self.used.contains("context");
        for (name, source) in given.iter().filter(|(name, _)| all || self.used.contains(name)) {
            // What a date can do is nine tenths of what there is to read.
            let text = variables.text(name);
            let _ = write!(self.out, "{name} = ");
            match text.filter(|_| !all && names::is_only_printed(nodes, name)) {
                Some(text) => literal::write_text(&mut self.out, text),
                None => self.out.push_str(source),
            }
            self.out.push('\n');
        }
        if self.used.contains("context") {
            self.out.push_str("context = {");
            for (name, _) in given {
                literal::write_text(&mut self.out, name);
                let _ = write!(self.out, ": {name}, ");
            }
            self.out.push_str("}\n");
        }
        for node in nodes {
            if let Node::Block { code, module: true, range } = node {
                let start = self.out.len();
                self.lines(code, 0);
                self.places.push((start..self.out.len(), range.clone()));
            }
        }
    }

    fn body(&mut self, nodes: &[Node], limit: usize) {
        self.out.push_str(
            "\n\ndef _rs_render():\n    _rs_out = []\n    _rs_printed = []\n    _rs_calls = []\n",
        );
        if self.used.contains("loop") {
            self.out.push_str("    loop = _rs_NoLoop()\n");
        }
        for name in assigned::names(nodes) {
            let start = self.out.len();
            let _ = writeln!(self.out, "    {name} = _rs_not_assigned_yet");
            // What fails for want of it is what mentions it first.
            let mentions = |node: &&Node| names::used(std::slice::from_ref(*node)).contains(&name);
            if let Some(first) = nodes.iter().find(mentions) {
                self.places.push((start..self.out.len(), first.range()));
            }
        }
        for (index, node) in nodes.iter().enumerate() {
            let start = self.out.len();
            self.node(index, node, index < limit);
            self.places.push((start..self.out.len(), node.range()));
        }
        self.out.push_str(
            "    return (\"\".join(_rs_out), _rs_printed, (_rs_first_calls, _rs_calls))\n\n\n",
        );
        let _ = writeln!(self.out, "{RESULT} = _rs_render()");
    }

    fn node(&mut self, index: usize, node: &Node, active: bool) {
        match node {
            Node::Text { text, .. } => {
                self.indent(self.depth);
                self.out.push_str("_rs_out.append(");
                literal::write_text(&mut self.out, text);
                self.out.push_str(")\n");
            }
            Node::Expression { code, filters, .. } if active => {
                self.indent(self.depth);
                let value = filtered(&names::with_undefined_compared(code), filters);
                let _ = writeln!(self.out, "_rs_value = {value}");
                for line in ["_rs_out.append(_rs_value)".to_owned(), printed(index)] {
                    self.indent(self.depth);
                    self.out.push_str(&line);
                    self.out.push('\n');
                }
            }
            Node::Block { code, module: false, .. } if active => self.lines(code, self.depth),
            Node::Expression { .. } | Node::Block { .. } => {
                self.indent(self.depth);
                self.out.push_str("pass\n");
            }
            Node::Control { keyword, code, .. } => {
                self.control(keyword, &names::with_undefined_compared(code));
            }
            Node::End { keyword, .. } => self.end(keyword),
        }
    }

    fn control(&mut self, keyword: &str, code: &str) {
        let is_primary = matches!(keyword, "if" | "for" | "while" | "try" | "with");
        if !is_primary {
            self.indent(self.depth - 1);
            self.header(code);
            return;
        }
        let makes_loop = keyword == "for" && self.used.contains("loop");
        if keyword == "for" {
            self.loops.push(makes_loop);
        }
        let Some((targets, items)) = names::split_for(code).filter(|_| makes_loop) else {
            self.indent(self.depth);
            self.header(code);
            self.depth += 1;
            return;
        };
        self.indent(self.depth);
        let _ = writeln!(self.out, "loop = _rs_Loop(list({items}\n), loop)");
        self.indent(self.depth);
        let _ = writeln!(self.out, "for {targets} in loop.items:");
        self.depth += 1;
        self.indent(self.depth);
        self.out.push_str("loop.index = loop.index + 1\n");
    }

    /// The line that opens a block, and a statement so that the block is never empty.
    fn header(&mut self, code: &str) {
        self.out.push_str(code);
        self.out.push('\n');
        // The line may end in a comment; it ends in a colon, or Python refuses it.
        let depth = self.depth + usize::from(!is_middle(code));
        self.indent(depth);
        self.out.push_str("pass\n");
    }

    fn end(&mut self, keyword: &str) {
        self.depth -= 1;
        if keyword == "for" && self.loops.pop() == Some(true) {
            self.indent(self.depth);
            self.out.push_str("loop = loop.rs_outer\n");
        }
    }

    /// The lines of a block, its own indentation replaced by ours.
    fn lines(&mut self, code: &str, depth: usize) {
        let mut calls = Calls::default();
        let code = names::with_undefined_compared(code);
        let noted = if depth == 0 { "_rs_first_calls" } else { "_rs_calls" };
        for line in assigned::dedented(&code) {
            let kind = calls.next(line);
            self.indent(depth);
            if matches!(kind, Line::Call | Line::Begins) {
                let margin = &line[..line.len() - line.trim_start().len()];
                let _ = write!(self.out, "{margin}{noted}.append({}", line.trim_start());
            } else {
                self.out.push_str(line);
            }
            // The line may end in a comment.
            self.out.push_str(if matches!(kind, Line::Call | Line::Ends) { "\n)\n" } else { "\n" });
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str(INDENT);
        }
    }
}

/// The statement that notes what a node printed.
fn printed(index: usize) -> String {
    format!("_rs_printed.append(({index}, _rs_value))")
}

fn is_middle(code: &str) -> bool {
    ["elif", "else", "except", "finally"].iter().any(|word| {
        code.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// The source of an expression with its filters: Mako's `create_filter_callable`.
fn filtered(code: &str, filters: &str) -> String {
    let filters: Vec<&str> = names::arguments(filters);
    let mut value = format!("{code}\n");
    if !filters.contains(&"n") {
        value = format!("_rs_str({value})");
    } else if filters.iter().all(|filter| *filter == "n") {
        if code.trim().is_empty() {
            return "_rs_nothing_to_print".to_owned();
        }
        // Mako joins what is printed: anything but a string is an error.
        return format!("\"\".join([{value}])");
    }
    for filter in filters.into_iter().filter(|filter| *filter != "n") {
        value = match filter {
            "x" | "h" | "u" | "trim" => format!("_rs_filter_{filter}({value})"),
            "str" | "unicode" => format!("_rs_str({value})"),
            "entity" => format!("_rs_the_filter_entity_is_not_followed({value})"),
            // Mako calls what the function returns, if it is one without a name.
            other if other.contains("lambda") => "_rs_the_filter_is_not_followed".to_owned(),
            other => format!("{other}({value})"),
        };
    }
    value
}
