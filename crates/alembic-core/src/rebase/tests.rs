use std::path::Path;

use super::*;

fn edited(script: &str, old: Parent<'_>, new: Parent<'_>) -> String {
    let bytes = edit(Path::new("x.py"), script.as_bytes(), &[], old, new);
    bytes.map_or_else(|error| format!("! {error}"), |bytes| String::from_utf8(bytes).unwrap())
}

/// Changes a script and changes it back.
fn there_and_back(script: &str, old: Parent<'_>, new: Parent<'_>) -> String {
    let there = edited(script, old, new);
    assert_eq!(edited(&there, new, old), script, "{there}");
    there
}

#[test]
fn only_the_identifier_changes() {
    for (script, expected) in [
        (
            "revision = 'b'\ndown_revision = 'a'  # why\n",
            "revision = 'b'\ndown_revision = 'z'  # why\n",
        ),
        (
            "revision: str = \"b\"\r\ndown_revision: str | None = \"a\"\r\n",
            "revision: str = \"b\"\r\ndown_revision: str | None = \"z\"\r\n",
        ),
        ("revision = 'b'\ndown_revision = ('a',)\n", "revision = 'b'\ndown_revision = ('z',)\n"),
        (
            "revision = 'b'\ndown_revision = [\n    \"a\",  # a\n]\n",
            "revision = 'b'\ndown_revision = [\n    \"z\",  # a\n]\n",
        ),
        ("revision, down_revision = 'b', 'a'\n", "revision, down_revision = 'b', 'z'\n"),
        (
            "\"\"\"m\n\nRevision ID: b\nRevises: a\n\"\"\"\nrevision = 'b'\ndown_revision = 'a'\n",
            "\"\"\"m\n\nRevision ID: b\nRevises: z\n\"\"\"\nrevision = 'b'\ndown_revision = 'z'\n",
        ),
        (
            "\"\"\"m\n\nRevises: other\n\"\"\"\nrevision = 'b'\ndown_revision = 'a'\n",
            "\"\"\"m\n\nRevises: other\n\"\"\"\nrevision = 'b'\ndown_revision = 'z'\n",
        ),
    ] {
        assert_eq!(there_and_back(script, Some("a"), Some("z")), expected);
    }
}

#[test]
fn a_base_and_back() {
    let script = "\"\"\"m\n\nRevises: \n\"\"\"\nrevision = 'b'\ndown_revision = None\n";
    let there = there_and_back(script, None, Some("z"));
    assert_eq!(there, "\"\"\"m\n\nRevises: z\n\"\"\"\nrevision = 'b'\ndown_revision = 'z'\n");
}

#[test]
fn other_forms_are_replaced_as_a_whole() {
    let script = "PREVIOUS = 'a'\nrevision = 'b'\ndown_revision = PREVIOUS\n";
    let expected = "PREVIOUS = 'a'\nrevision = 'b'\ndown_revision = 'z'\n";
    assert_eq!(edited(script, Some("a"), Some("z")), expected);
    let broken = edited("revision = 'b'\ndown_revision = 'a\n", Some("a"), Some("z"));
    assert!(broken.starts_with("! cannot change `x.py`"), "{broken}");
}

#[test]
fn bytes_of_other_encodings_stay() {
    let script = b"# coding: latin-1\n'''\xe9'''\nrevision = 'b'\ndown_revision = 'a'\n";
    let there = edit(Path::new("x.py"), script, &[], Some("a"), Some("zz")).unwrap();
    assert_eq!(there, b"# coding: latin-1\n'''\xe9'''\nrevision = 'b'\ndown_revision = 'zz'\n");
    assert_eq!(edit(Path::new("x.py"), &there, &[], Some("zz"), Some("a")).unwrap(), script);
}
