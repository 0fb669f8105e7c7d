//! Python's own functions and methods give what Python gives, or nothing.

use crate::schema;

/// What an expression is, as `repr()` writes it: the comment of a table that it is written into.
fn value(lines: &str, expression: &str) -> Option<String> {
    let found = schema(&format!(
        "import os\nfrom collections.abc import Hashable, Iterable, Mapping, Sequence\nfrom os import environ\nfrom sqlalchemy import MetaData, Table\nimport json\nBase = MetaData()\n{lines}\nTable('t', Base, comment=repr(({expression})))\n"
    ));
    let table = found.tables.iter().find(|table| table.name == "t");
    table.and_then(|table| table.comment.clone())
}

#[test]
fn expressions() {
    for (expression, expected) in [
        ("'a,b,c'.split(',', 1)", "['a', 'b,c']"),
        ("'a,b,c'.split(',', -1)", "['a', 'b', 'c']"),
        ("'a,b,c'.rsplit(',', 1)", "['a,b', 'c']"),
        ("sorted(['bb', 'a', 'cc'], key=len, reverse=True)", "['bb', 'cc', 'a']"),
        ("max(['a', 'ccc', 'bb', 'ddd'], key=len)", "'ccc'"),
        ("min(['bb', 'aa'], key=len)", "'bb'"),
        ("max([], default=3)", "3"),
        ("max(2, 7, 5)", "7"),
        ("list(dict.fromkeys(['b', 'a', 'b']))", "['b', 'a']"),
        ("dict([('a', 1), ('a', 2)])['a']", "2"),
        ("sum([[1], [2]], start=[])", "[1, 2]"),
        ("list(enumerate(['a'], start=4))", "[(4, 'a')]"),
        ("json.dumps('\\x7fé')", r#"'"\\u007f\\u00e9"'"#),
        ("{} == {}, {'a': 1} == {}", "(True, False)"),
        ("isinstance({}, Mapping), isinstance([], Mapping)", "(True, False)"),
        ("isinstance(('a',), Sequence), isinstance('a', Iterable)", "(True, True)"),
        ("os.path.join('a', '/b', 'c')", "'/b/c'"),
        ("os.path.join('', 'b')", "'b'"),
        ("os.path.dirname('/a')", "'/'"),
        ("os.path.abspath('/a/../b')", "'/b'"),
    ] {
        assert_eq!(value("", expression).as_deref(), Some(expected), "{expression}");
    }
}

#[test]
fn lists_and_sets_are_changed_in_place() {
    for (change, expected) in [
        ("x.insert(-1, 'd')", "['a', 'b', 'd', 'c']"),
        ("x.insert(-9, 'd')", "['d', 'a', 'b', 'c']"),
        ("x.pop(0)", "['b', 'c']"),
        ("x.pop(-2)", "['a', 'c']"),
        ("x.remove('b')", "['a', 'c']"),
        ("x.clear()", "[]"),
        ("x[-1] = 'd'", "['a', 'b', 'd']"),
        ("del x[-1]", "['a', 'b']"),
        ("d = {'a': 1, 'b': 2}; del d['a']; x = list(d)", "['b']"),
        ("s = set(x); s.discard('b'); s.update(['a', 'e']); x = sorted(s)", "['a', 'c', 'e']"),
    ] {
        let lines = format!("x = ['a', 'b', 'c']\n{change}");
        assert_eq!(value(&lines, "x").as_deref(), Some(expected), "{change}");
    }
}

#[test]
fn what_is_not_worked_out_is_not_guessed() {
    for (lines, expression) in [
        ("", "'a,b'.split(sep=',')"),
        ("", "'ba'.find('b', 1)"),
        ("", "{'a': 1} == {'a': 1}"),
        ("", "{1, 2} == {2, 1}"),
        ("", "isinstance({}, Hashable)"),
        ("", "'ab'.startswith('a', 1)"),
        ("", "'a\\nb'.splitlines(True)"),
        ("", "sorted([2, 1], reverse=environ)"),
        ("", "dict([('a', 1), environ])"),
        ("", "{'a': 1}.get(environ['KEY'], 2)"),
        ("", "abs(int('-170141183460469231731687303715884105728'))"),
        ("", "list(enumerate(['a', 'b'], start=170141183460469231731687303715884105727))"),
        ("", "'a b'.split(' ', 18446744073709551615)[5]"),
        ("x = ['a', 'b']\nx.remove(environ['KEY'])", "x"),
        ("x = ['a', 'b']\nx[:1] = []", "x"),
        ("x = ['a', 'b']\ndel x[:1]", "x"),
        ("x = ['a', 'b']\ndel x[int(environ['KEY'])]", "x"),
        ("s = {'a'}\ns.discard(environ['KEY'])", "sorted(s)"),
        ("x = ['a', 'b']\nx.pop(int(environ['KEY']))", "x"),
    ] {
        assert_eq!(value(lines, expression), None, "{lines}{expression}");
    }
}

#[test]
fn a_table_is_called_by_its_schema_too() {
    let lines = "t = Table('a', Base, schema='s')\nu = Table('b', Base)";
    let found = value(lines, "(t.name, t.fullname, t.key, u.key)");
    assert_eq!(found.as_deref(), Some("('a', 's.a', 's.a', 'b')"));
}
