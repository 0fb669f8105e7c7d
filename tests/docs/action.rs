//! `action.yml`: its steps, one after the other, as a runner carries them out.

use std::collections::BTreeMap;

use fs_err as fs;
use serde_yaml_ng::Value;

use crate::{
    blocks::{blocks, root},
    repository::{Repository, words},
};

fn action() -> Value {
    serde_yaml_ng::from_str(&fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

/// What a run of the action left.
struct Run {
    /// Exit codes by the names of the steps that ran.
    codes: BTreeMap<String, Option<i32>>,
    summary: String,
    said: String,
}

/// Runs the action in a repository, with inputs that differ from the defaults and the branch of a pull request.
fn run(repository: &Repository, given: &[(&str, &str)], base: &str) -> Run {
    let action = action();
    let defaults = action["inputs"].as_mapping().unwrap().iter();
    let mut inputs: BTreeMap<String, String> =
        defaults.map(|(name, input)| (text(name), text(&input["default"]))).collect();
    inputs.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let summary = repository.path("summary.md");
    fs::write(&summary, "").unwrap();
    let mut run = Run { codes: BTreeMap::new(), summary: String::new(), said: String::new() };
    let mut failed = false;
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        if !applies(&text(&step["if"]), &inputs, failed) {
            continue;
        }
        assert_eq!(text(&step["shell"]), "bash");
        let mut shell = repository.shell(&text(&step["run"]));
        for (name, value) in step["env"].as_mapping().unwrap() {
            shell.env(text(name), expression(&text(value), &inputs, base));
        }
        shell.env("GITHUB_STEP_SUMMARY", &summary).env("RUNNER_TEMP", repository.path("temporary"));
        shell.env("GITHUB_PATH", repository.path("github-path")).env("GITHUB_ACTIONS", "true");
        let output = shell.output().unwrap();
        failed |= !output.status.success();
        run.codes.insert(text(&step["name"]), output.status.code());
        run.said.push_str(&words(&output));
    }
    run.summary = fs::read_to_string(summary).unwrap();
    run
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The conditions that the action uses, no others.
fn applies(condition: &str, inputs: &BTreeMap<String, String>, failed: bool) -> bool {
    match condition {
        "" => !failed,
        "inputs.install != 'none'" => !failed && inputs["install"] != "none",
        "always() && inputs.graph == 'true'" => inputs["graph"] == "true",
        _ => panic!("a condition that this test does not know: {condition}"),
    }
}

/// The expressions that the action uses, no others.
fn expression(text: &str, inputs: &BTreeMap<String, String>, base: &str) -> String {
    let inner = text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}"));
    match inner {
        Some("github.action_path") => root().display().to_string(),
        Some("github.base_ref") => base.to_owned(),
        Some(name) => inputs[name.strip_prefix("inputs.").unwrap()].clone(),
        None => text.to_owned(),
    }
}

#[test]
fn a_sound_branch() {
    let repository = Repository::new();
    let run = run(&repository, &[("install", "none")], "main");
    assert_eq!(run.codes["Check the heads"], Some(0), "{}", run.said);
    assert_eq!(run.codes["Draw the graph"], Some(0), "{}", run.said);
    assert!(run.summary.starts_with("### Migrations\n```mermaid\n"), "{}", run.summary);
    assert!(run.summary.contains("873addc1221e"), "{}", run.summary);
}

#[test]
fn a_branch_that_collides_with_its_target() {
    let repository = Repository::new();
    repository.add_head("b2c3d4e5f607");
    repository.bash("git checkout --quiet main && git add --all && git commit --quiet -m theirs && git push --quiet origin main && git checkout --quiet feature");
    repository.bash("git update-ref -d refs/remotes/origin/main");
    let run = run(&repository, &[("install", "none")], "main");
    assert_eq!(run.codes["Check the heads"], Some(1), "{}", run.said);
    assert!(run.said.contains("::error"), "annotations come by themselves: {}", run.said);
    assert_eq!(run.codes["Draw the graph"], Some(0), "the graph is drawn all the same");
}

#[test]
fn a_clone_of_one_commit_as_actions_checkout_makes_it() {
    let repository = Repository::new();
    repository.add_head("b2c3d4e5f607");
    repository.bash(
        "git checkout --quiet main && git add --all && git commit --quiet -m theirs && git push --quiet origin main
         git checkout --quiet feature && git commit --quiet --allow-empty -m ours && git push --quiet origin feature
         cd .. && rm -rf project && git clone --quiet --depth=1 --branch feature file://$PWD/origin.git project",
    );
    let run = run(&repository, &[("install", "none")], "main");
    assert_eq!(run.codes["Check the heads"], Some(1), "{}", run.said);
    assert!(run.said.contains("b2c3d4e5f607"), "{}", run.said);
}

#[test]
fn inputs_that_change_what_is_checked() {
    let repository = Repository::new();
    repository.add_head("b2c3d4e5f607");
    let given = [("install", "none"), ("against", "none"), ("allow", "2"), ("graph", "false")];
    let run = run(&repository, &given, "main");
    assert_eq!(run.codes["Check the heads"], Some(0), "{}", run.said);
    assert_eq!(run.summary, "");
}

#[test]
fn an_unknown_way_to_install_is_refused() {
    let repository = Repository::new();
    let run = run(&repository, &[("install", "magic")], "");
    assert_eq!(run.codes["Install alembic-rs"], Some(2), "{}", run.said);
    assert!(run.said.contains("wheel, source or none"), "{}", run.said);
    assert!(!run.codes.contains_key("Check the heads"));
}

#[test]
fn every_example_is_yaml_and_names_what_exists() {
    let action = action();
    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Value = serde_yaml_ng::from_str(&hooks).unwrap();
    let hooks: Vec<String> =
        hooks.as_sequence().unwrap().iter().map(|hook| text(&hook["id"])).collect();
    for block in blocks(&root().join("docs/ci.md")) {
        if block.info != "yaml" {
            continue;
        }
        let document: Value = serde_yaml_ng::from_str(&block.text).unwrap();
        for repository in document["repos"].as_sequence().into_iter().flatten() {
            for hook in repository["hooks"].as_sequence().unwrap() {
                assert!(hooks.contains(&text(&hook["id"])), "{hook:?}");
            }
        }
        for step in document["jobs"]["heads"]["steps"].as_sequence().into_iter().flatten() {
            for (name, _) in step["with"].as_mapping().into_iter().flatten() {
                assert!(action["inputs"].get(name).is_some(), "{name:?}");
            }
        }
    }
}

#[test]
fn workflows_are_yaml() {
    for workflow in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let text = fs::read_to_string(workflow.unwrap().path()).unwrap();
        let document: Value = serde_yaml_ng::from_str(&text).unwrap();
        assert!(document["jobs"].as_mapping().is_some_and(|jobs| !jobs.is_empty()));
    }
}
