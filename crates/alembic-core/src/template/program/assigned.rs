//! The names that a template assigns.
//!
//! Mako renders in one function, so that such a name is local to the whole template: before it is assigned it is
//! nothing, whatever Alembic passes by the same name.

use std::collections::BTreeSet;

use python_static::SourceFile;
use python_static::tree::{self, Action, Expression, Statement};

use super::super::lexer::Node;

/// Names that belong to Mako: no template may assign them.
const RESERVED: [&str; 4] = ["context", "loop", "UNDEFINED", "STOP_RENDERING"];

/// The names that blocks and control lines assign; what `<%! %>` assigns is the module's.
pub(super) fn names(nodes: &[Node]) -> BTreeSet<String> {
    nodes.iter().flat_map(of_node).collect()
}

/// The first node that assigns a name of Mako's, with that name.
pub(in crate::template) fn reserved(nodes: &[Node]) -> Option<(&Node, &'static str)> {
    nodes.iter().find_map(|node| {
        let names = of_node(node);
        let taken = RESERVED.into_iter().find(|&name| names.contains(name))?;
        Some((node, taken))
    })
}

fn of_node(node: &Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    match node {
        Node::Block { code, module: false, .. } => {
            let lines: Vec<&str> = dedented(code).collect();
            collect(&lines.join("\n"), &mut names);
        }
        Node::Control { keyword, code, .. } => match keyword.as_str() {
            "for" | "with" => collect(&format!("{code}\n    pass\n"), &mut names),
            "except" => collect(&format!("try:\n    pass\n{code}\n    pass\n"), &mut names),
            _ => {}
        },
        _ => {}
    }
    names
}

/// The lines of a block without its own indentation: that of its first line of code.
pub(super) fn dedented(code: &str) -> impl Iterator<Item = &str> {
    let margin = code
        .lines()
        .find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'))
        .map_or("", |line| &line[..line.len() - line.trim_start().len()]);
    code.lines().map(move |line| line.strip_prefix(margin).unwrap_or_else(|| line.trim_start()))
}

fn collect(code: &str, names: &mut BTreeSet<String>) {
    // What Python refuses is refused when it is rendered.
    if let Ok(statements) = tree::read(&SourceFile::new("block.py", code)) {
        of_block(&statements, names);
    }
}

/// Recursion ends with the tree, whose depth is bounded.
fn of_block(statements: &[Statement], names: &mut BTreeSet<String>) {
    for statement in statements {
        of_statement(&statement.action, names);
    }
}

fn of_statement(action: &Action, names: &mut BTreeSet<String>) {
    match action {
        Action::Assign { targets, .. } => of_targets(targets, names),
        Action::Annotated { target, .. } | Action::Augmented { target, .. } => {
            of_target(target, names);
        }
        Action::If { then, otherwise, .. } => {
            of_block(then, names);
            of_block(otherwise, names);
        }
        Action::With { items, body } => {
            let targets = items.iter().filter_map(|(_, target)| target.as_ref());
            for target in targets {
                of_target(target, names);
            }
            of_block(body, names);
        }
        Action::Try { body, handlers, otherwise, finally } => {
            for handler in handlers {
                names.extend(handler.name.iter().map(ToString::to_string));
                of_block(&handler.body, names);
            }
            for block in [body, otherwise, finally] {
                of_block(block, names);
            }
        }
        Action::For { target, body, otherwise, .. } => {
            of_target(target, names);
            of_block(body, names);
            of_block(otherwise, names);
        }
        Action::While { body, .. } => of_block(body, names),
        Action::Function(function) => _ = names.insert(function.name.to_string()),
        Action::Class(class) => _ = names.insert(class.name.to_string()),
        Action::Import(imported) => {
            for (module, given) in imported {
                let first = module.split('.').next().unwrap_or_default();
                names.insert(given.as_deref().unwrap_or(first).to_owned());
            }
        }
        Action::ImportFrom { names: imported, .. } => {
            let given = imported.iter().map(|(name, given)| given.as_ref().unwrap_or(name));
            names.extend(given.map(ToString::to_string));
        }
        _ => {}
    }
}

fn of_targets(targets: &[Expression], names: &mut BTreeSet<String>) {
    for target in targets {
        of_target(target, names);
    }
}

fn of_target(target: &Expression, names: &mut BTreeSet<String>) {
    match &target.node {
        tree::Node::Name(name) => _ = names.insert(name.to_string()),
        tree::Node::Tuple(items) | tree::Node::List(items) => of_targets(items, names),
        tree::Node::Starred(inner) => of_target(inner, names),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(code: &str) -> String {
        let mut names = BTreeSet::new();
        let lines: Vec<&str> = dedented(code).collect();
        collect(&lines.join("\n"), &mut names);
        names.into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_statement_that_binds() {
        for (code, names) in [
            ("x = y = 1", "x y"),
            (" a, [b, *c] = z\n d.e = 1\n f[g] = 2", "a b c"),
            ("n += 1", "n"),
            ("\n  if x:\n    a = 1\n  else:\n    b: int = 2\n", "a b"),
            ("for i, j in x:\n  k = i", "i j k"),
            ("import os.path\nimport re as r\nfrom a import b, c as d", "b d os r"),
            ("def f(x):\n  y = 1\nclass C:\n  z = 2", "C f"),
            ("try:\n  a = 1\nexcept E as e:\n  pass", "a e"),
            ("f(x)", ""),
        ] {
            assert_eq!(assigned(code), names, "{code}");
        }
    }
}
