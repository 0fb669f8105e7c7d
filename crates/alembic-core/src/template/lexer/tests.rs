use super::*;

/// The nodes in short: text in quotes, code in its delimiters.
fn short(text: &str) -> String {
    let nodes = match cut(text) {
        Ok(nodes) => nodes,
        Err((kind, at)) => return format!("! {kind} at {}", at.start),
    };
    let one = |node: &Node| match node {
        Node::Text { text, .. } => format!("{text:?}"),
        Node::Expression { code, filters, .. } if filters.is_empty() => format!("${{{code}}}"),
        Node::Expression { code, filters, .. } => format!("${{{code}|{filters}}}"),
        Node::Control { code, .. } => format!("%[{code}]"),
        Node::End { keyword, .. } => format!("%end[{keyword}]"),
        Node::Block { code, module, .. } => format!("<%{}{code}%>", if *module { "!" } else { "" }),
    };
    nodes.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn expressions_end_outside_of_strings_and_brackets() {
    assert_eq!(short("a${x}b"), r#""a" ${x} "b""#);
    assert_eq!(short("${down | comma,n}"), "${down |comma,n}");
    assert_eq!(short("${ '}' + {'a': '|'}['a'] }"), "${ '}' + {'a': '|'}['a'] }");
    assert_eq!(short("${(a | b) | n}"), "${(a | b) |n}");
    assert_eq!(short("${x # }\n}"), "${x # }\n}");
    assert_eq!(short("${x"), "! unterminated expression at 0");
    assert_eq!(short("a$b {c}"), r#""a$b {c}""#);
}

#[test]
fn control_lines_stand_alone() {
    assert_eq!(short("  % if x:\na\n% endif\nb"), r#"%[if x:] "a\n" %end[if] "b""#);
    assert_eq!(short("## note\nb"), r#""b""#);
    assert_eq!(short("a % b\n"), r#""a % b\n""#);
    assert_eq!(short("%% x\n"), r#""%" " x\n""#);
    assert_eq!(short("% if a \\\n and b:\n% endif"), "%[if a \\\n and b:] %end[if]");
    assert_eq!(short("% endif\n"), "! No starting keyword 'if' for 'endif' at 0");
    assert_eq!(short("% if x:\n"), "! Unterminated control keyword: 'if' at 0");
    assert_eq!(short("% switch x:\n"), "! Unsupported control keyword: 'switch' at 0");
}

#[test]
fn text_keeps_line_ends_and_loses_escaped_ones() {
    assert_eq!(short("a\r\nb\\\r\nc\\\nd"), r#""a\r\nb" "c" "d""#);
    assert_eq!(short("# -*- coding: utf-8 -*-\nx"), r#""x""#);
    assert_eq!(short("<%doc>a ${b}</%doc>c<%text>${d}</%text>"), r#""c" "${d}""#);
}

#[test]
fn blocks_and_tags() {
    assert_eq!(short("<% x = 1 %>a<%! import re %>"), r#"<% x = 1 %> "a" <%! import re %>"#);
    assert_eq!(short("<%def name=\"f()\">"), "! `<%def>` cannot be rendered without Python at 0");
    assert_eq!(short("<%x = y%>"), "<%x = y%>");
    assert_eq!(short("</%def>"), "! Closing tag without opening tag: </%def> at 0");
}
