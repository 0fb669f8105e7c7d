//! `history --format`.

use alembic_testing::Terminal;
use insta::assert_snapshot;
use serde_json::Value;

use crate::project::{SHOP, letters};

#[test]
#[expect(clippy::too_many_lines, reason = "it is the document")]
fn json() {
    assert_snapshot!(letters("a1a1[left] <- b2b2, c3c3{left}").run(["history", "--format", "json"]), @r#"
    exit: 0
    --- stdout
    {
      "schema": 1,
      "order": "newest-first",
      "revisions": [
        {
          "id": "b2b2",
          "message": "rev b2b2",
          "docstring": "rev b2b2\n\nRevision ID: b2b2\nRevises: a1a1\nCreate Date: 2024-01-02 03:04:05.678901",
          "path": "migrations/versions/001_b2b2.py",
          "line": 13,
          "create_date": "2024-01-02 03:04:05.678901",
          "down_revision": [
            "a1a1"
          ],
          "depends_on": [],
          "dependencies": [],
          "branch_labels": [],
          "labels": [
            "left"
          ],
          "marks": [
            "head"
          ],
          "state": null,
          "lane": 0
        },
        {
          "id": "c3c3",
          "message": "rev c3c3",
          "docstring": "rev c3c3\n\nRevision ID: c3c3\nRevises: \nCreate Date: 2024-01-02 03:04:05.678901",
          "path": "migrations/versions/002_c3c3.py",
          "line": 13,
          "create_date": "2024-01-02 03:04:05.678901",
          "down_revision": [],
          "depends_on": [
            "left"
          ],
          "dependencies": [
            "a1a1"
          ],
          "branch_labels": [],
          "labels": [],
          "marks": [
            "head",
            "base"
          ],
          "state": null,
          "lane": 1
        },
        {
          "id": "a1a1",
          "message": "rev a1a1",
          "docstring": "rev a1a1\n\nRevision ID: a1a1\nRevises: \nCreate Date: 2024-01-02 03:04:05.678901",
          "path": "migrations/versions/000_a1a1.py",
          "line": 13,
          "create_date": "2024-01-02 03:04:05.678901",
          "down_revision": [],
          "depends_on": [],
          "dependencies": [],
          "branch_labels": [
            "left"
          ],
          "labels": [
            "left"
          ],
          "marks": [
            "base"
          ],
          "state": null,
          "lane": 0
        }
      ],
      "edges": [
        {
          "from": "b2b2",
          "to": "a1a1",
          "kind": "down",
          "path": [
            {
              "row": 0,
              "lane": 0
            },
            {
              "row": 1,
              "lane": 0
            },
            {
              "row": 2,
              "lane": 0
            }
          ]
        },
        {
          "from": "c3c3",
          "to": "a1a1",
          "kind": "depends",
          "path": [
            {
              "row": 1,
              "lane": 1
            },
            {
              "row": 2,
              "lane": 0
            }
          ]
        }
      ],
      "heads": [
        "b2b2",
        "c3c3"
      ],
      "bases": [
        "a1a1",
        "c3c3"
      ],
      "labels": {
        "left": "a1a1"
      },
      "database": null,
      "problems": []
    }
    --- stderr
    "#);
}

#[test]
fn the_json_is_the_graph() {
    let context = letters(SHOP);
    let output = context.run(["history", "--format=json", "-r", "52de:"]);
    let document: Value = serde_json::from_str(&output.stdout()).unwrap();
    let ids: Vec<&str> = document["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["e4c1b9d7a250", "88aa40d1f3b9", "52de0c9a77b1"]);
    assert_eq!(document["heads"], serde_json::json!(["e4c1b9d7a250"]));
    assert_eq!(document["revisions"][0]["path"], "migrations/versions/005_e4c1b9d7a250.py");
}

#[test]
fn svg() {
    let output = letters(SHOP).run(["history", "--format", "svg"]);
    let svg = output.stdout();
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
    assert!(svg.ends_with("</svg>\n"), "{svg}");
    for id in [
        "e4c1b9d7a250",
        "88aa40d1f3b9",
        "71cc03e95a10",
        "52de0c9a77b1",
        "3f60aa1290cd",
        "1b2c3d4e5f60",
    ] {
        assert!(svg.contains(id), "{id} is missing");
    }
    for word in ["users", "billing", "head", "mergepoint", "branchpoint", "base"] {
        assert!(svg.contains(word), "{word} is missing");
    }
    // Light and dark, and nothing that is fetched.
    assert!(svg.contains("prefers-color-scheme"));
    for reference in ["href=", "url(http", "@import", "<script", "<image"] {
        assert!(!svg.contains(reference), "{reference}");
    }
    // Six links by `down_revision`, one by `depends_on`.
    assert_eq!(svg.matches("data-from=").count(), 7, "{svg}");
}

#[test]
fn text_is_the_listing() {
    let context = letters(SHOP);
    let text = context.run(["history", "--format", "text"]).stdout();
    assert_eq!(text, context.run(["history"]).stdout());
}

#[test]
fn an_error_leaves_no_half_document() {
    let context = letters(SHOP);
    for format in ["json", "dot", "mermaid", "svg"] {
        let output = context.run(["history", "--format", format, "-r", "nope:"]);
        assert_eq!((output.code(), output.stdout()), (Some(2), String::new()), "{output}");
        assert!(output.stderr().contains("Can't locate revision identified by 'nope'"), "{output}");
    }
}

#[test]
fn warnings_are_problems_of_the_document_and_words_on_standard_error() {
    let context = letters("a");
    context.project().write(
        "migrations/versions/zz_a.py",
        context.project().read("migrations/versions/000_a.py"),
    );
    let output = context.run(["history", "--format", "json"]);
    let document: Value = serde_json::from_str(&output.stdout()).unwrap();
    assert_snapshot!(document["problems"], @r#"[{"code":"duplicate-revision","message":"Revision a is present more than once","revision":"a","path":null,"line":null}]"#);
    assert_snapshot!(output.stderr(), @"warning: Revision a is present more than once");
}

#[test]
fn a_document_is_the_same_on_a_terminal() {
    let context = letters(SHOP);
    for format in ["json", "dot", "mermaid", "svg"] {
        let args = ["history", "--format", format];
        let shown = context.invocation(args).terminal(Terminal::new(60)).run().terminal();
        assert_eq!(shown, context.run(args).stdout());
    }
}

#[test]
fn no_revisions() {
    for format in ["json", "dot", "mermaid", "svg"] {
        let output = letters("").run(["history", "--format", format]);
        assert_eq!(output.code(), Some(0), "{output}");
        assert!(!output.stdout().is_empty(), "{output}");
    }
}

#[test]
fn a_graph_is_text() {
    let context = letters(SHOP);
    assert_snapshot!(context.run(["history", "--graph", "--format", "json"]), @"
    exit: 2
    --- stdout
    --- stderr
      × `--graph` and `--format json` exclude each other
      help: `--graph` draws text: leave one of the two out; dot, mermaid and svg are graphs, too
    ");
    for format in ["json", "dot", "mermaid", "svg"] {
        let output = context.run(["history", "--graph=ascii", "--format", format]);
        assert_eq!((output.code(), output.stdout()), (Some(2), String::new()), "{output}");
    }
    let drawn = context.run(["history", "--graph", "--format", "text"]).stdout();
    assert_eq!(drawn, context.run(["history", "--graph"]).stdout());
}
