//! The forms of the answer for machines.

use insta::assert_snapshot;
use serde_json::Value;

use crate::project::Project;

#[test]
fn github() {
    let project = Project::with_two_heads();
    assert_snapshot!(project.check(&["--format", "github"]).all(), @r#"
    ::error file=migrations/versions/0019_add_invoices.py,line=12,title=alembic-rs%3A multiple-heads::2 heads, expected 1%0Ac41d77e0a1b2  migrations/versions/0019_add_refunds.py:12%0A9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12%0Ahelp: keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2%0Ahelp: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    --- exit code 1
    "#);
}

#[test]
fn annotations_come_by_themselves() {
    let project = Project::with_two_heads();
    let mut command = project.command(&["heads", "--check"]);
    assert_snapshot!(project.run(command.env("GITHUB_ACTIONS", "true")).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    ::error file=migrations/versions/0019_add_invoices.py,line=12,title=alembic-rs%3A multiple-heads::2 heads, expected 1%0Ac41d77e0a1b2  migrations/versions/0019_add_refunds.py:12%0A9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12%0Ahelp: keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2%0Ahelp: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn paths_are_those_of_the_repository() {
    let project = Project::with_two_heads();
    let mut command =
        project.command(&["-c", "../alembic.ini", "heads", "--check", "--format", "github"]);
    let answer = project.run(command.current_dir(project.root().join("migrations")));
    assert!(
        answer.stdout.starts_with("::error file=migrations/versions/0019_add_invoices.py,line=12,"),
        "{}",
        answer.stdout
    );
}

#[test]
fn gitlab() {
    let project = Project::with_two_heads();
    let answer = project.check(&["--format", "gitlab"]);
    assert_snapshot!(answer.stdout, @r#"
    [
      {
        "description": "2 heads, expected 1\nc41d77e0a1b2  migrations/versions/0019_add_refunds.py:12\n9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12\nhelp: keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2\nhelp: keep both as they are: alembic-rs merge -m \"merge heads\" c41d77e0a1b2 9f31c02ad6e8",
        "check_name": "multiple-heads",
        "fingerprint": "3231bb1ea8a28a50a3d3e5025798fbef",
        "severity": "major",
        "location": {
          "path": "migrations/versions/0019_add_invoices.py",
          "lines": {
            "begin": 12
          }
        }
      }
    ]
    "#);
    let fine = project.check(&["--allow=2", "--format=gitlab"]);
    assert_eq!((fine.code, fine.stdout.as_str()), (0, "[]\n"));
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let project = Project::with_two_heads();
    let fingerprint = || {
        let issues: Value = json(&project.check(&["--format=gitlab"]).stdout);
        issues[0]["fingerprint"].clone()
    };
    let before = fingerprint();
    let path = "migrations/versions/0019_add_refunds.py";
    let text = fs_err::read_to_string(project.root().join(path)).expect("the script");
    project
        .write(path, &text.replace("import sqlalchemy as sa\n", "import sqlalchemy as sa\n\n\n"));
    assert_eq!(fingerprint(), before);
}

#[test]
fn sarif() {
    let project = Project::with_two_heads();
    let log = json(&project.check(&["--format", "sarif"]).stdout);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let result = &run["results"][0];
    let rule = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
    assert_eq!(rules[rule]["id"], result["ruleId"]);
    assert_snapshot!(serde_json::to_string_pretty(result).expect("a value"), @r#"
    {
      "ruleId": "multiple-heads",
      "ruleIndex": 11,
      "level": "error",
      "message": {
        "text": "2 heads, expected 1\nc41d77e0a1b2  migrations/versions/0019_add_refunds.py:12\n9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12\nhelp: keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2\nhelp: keep both as they are: alembic-rs merge -m \"merge heads\" c41d77e0a1b2 9f31c02ad6e8"
      },
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "migrations/versions/0019_add_invoices.py",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 12
            }
          }
        }
      ],
      "partialFingerprints": {
        "alembicFinding/v1": "3231bb1ea8a28a50a3d3e5025798fbef"
      },
      "relatedLocations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "migrations/versions/0019_add_refunds.py",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 12
            }
          },
          "id": 1,
          "message": {
            "text": "revision c41d77e0a1b2"
          }
        }
      ]
    }
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the document is that long")]
fn the_document_of_a_check() {
    let project = Project::with_two_heads();
    assert_snapshot!(project.check(&["--format", "json"]).stdout, @r#"
    {
      "version": 1,
      "ok": false,
      "exit_code": 1,
      "complete": true,
      "checked": {
        "scripts": 3,
        "allow": 1,
        "per_label": false,
        "resolve_dependencies": false,
        "against": null
      },
      "counts": {
        "errors": 1,
        "warnings": 0
      },
      "heads": [
        {
          "revision": "9f31c02ad6e8",
          "path": "migrations/versions/0019_add_invoices.py",
          "repository_path": "migrations/versions/0019_add_invoices.py",
          "line": 12,
          "labels": [],
          "down_revision": [
            "b7e4f1a9c2d8"
          ],
          "depends_on": [],
          "message": "message of 9f31c02ad6e8",
          "effective": false,
          "on_ref": null,
          "only_on_ref": false,
          "git": {
            "state": "committed",
            "author": "alice",
            "commit": "{invoice}",
            "date": "2026-11-04"
          }
        },
        {
          "revision": "c41d77e0a1b2",
          "path": "migrations/versions/0019_add_refunds.py",
          "repository_path": "migrations/versions/0019_add_refunds.py",
          "line": 12,
          "labels": [],
          "down_revision": [
            "b7e4f1a9c2d8"
          ],
          "depends_on": [],
          "message": "message of c41d77e0a1b2",
          "effective": false,
          "on_ref": null,
          "only_on_ref": false,
          "git": {
            "state": "committed",
            "author": "bob",
            "commit": "{refunds}",
            "date": "2026-11-03"
          }
        }
      ],
      "findings": [
        {
          "code": "multiple-heads",
          "severity": "error",
          "message": "2 heads, expected 1",
          "revisions": [
            "c41d77e0a1b2",
            "9f31c02ad6e8"
          ],
          "label": null,
          "places": [
            {
              "revision": "c41d77e0a1b2",
              "path": "migrations/versions/0019_add_refunds.py",
              "repository_path": "migrations/versions/0019_add_refunds.py",
              "line": 12,
              "git": {
                "state": "committed",
                "author": "bob",
                "commit": "{refunds}",
                "date": "2026-11-03"
              }
            },
            {
              "revision": "9f31c02ad6e8",
              "path": "migrations/versions/0019_add_invoices.py",
              "repository_path": "migrations/versions/0019_add_invoices.py",
              "line": 12,
              "git": {
                "state": "committed",
                "author": "alice",
                "commit": "{invoice}",
                "date": "2026-11-04"
              }
            }
          ],
          "common_ancestors": [
            {
              "revision": "b7e4f1a9c2d8",
              "path": "migrations/versions/0018_add_orders.py",
              "repository_path": "migrations/versions/0018_add_orders.py",
              "line": 12,
              "git": null
            }
          ],
          "help": [
            "keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2",
            "keep both as they are: alembic-rs merge -m \"merge heads\" c41d77e0a1b2 9f31c02ad6e8"
          ]
        }
      ]
    }
    "#);
}

#[test]
fn the_document_of_the_heads() {
    let project = Project::with_orders();
    let answer = project.run(&mut project.command(&["heads", "--format", "json"]));
    assert_snapshot!(answer.all(), @r#"
    {
      "version": 1,
      "heads": [
        {
          "revision": "b7e4f1a9c2d8",
          "path": "migrations/versions/0018_add_orders.py",
          "repository_path": "migrations/versions/0018_add_orders.py",
          "line": 12,
          "labels": [],
          "down_revision": [],
          "depends_on": [],
          "message": "message of b7e4f1a9c2d8",
          "effective": false,
          "on_ref": null,
          "only_on_ref": false,
          "git": {
            "state": "committed",
            "author": "alice",
            "commit": "{orders0}",
            "date": "2026-11-02"
          }
        }
      ]
    }
    --- exit code 0
    "#);
}

#[test]
fn the_document_with_another_commit() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("alice", "refunds");
    project.git(&["checkout", "--quiet", "main"]);
    let document = json(&project.check(&["--against=feature", "--format=json"]).stdout);
    assert_snapshot!(document["checked"]["against"].to_string(), @r#"{"ref":"feature","commit":"{refunds}","merge_base":"{orders0}","added":["migrations/versions/0019_add_refunds.py"]}"#);
    assert_snapshot!(document["heads"][0].to_string(), @r#"{"revision":"c41d77e0a1b2","path":"migrations/versions/0019_add_refunds.py","repository_path":"migrations/versions/0019_add_refunds.py","line":12,"labels":[],"down_revision":["b7e4f1a9c2d8"],"depends_on":[],"message":"message of c41d77e0a1b2","effective":false,"on_ref":true,"only_on_ref":true,"git":{"state":"committed","author":"alice","commit":"{refunds}","date":"2026-11-03"}}"#);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}
