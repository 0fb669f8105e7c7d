//! GitLab's example: its script, without its `before_script`, which installs.

use serde_yaml_ng::Value;

use crate::{
    blocks::{blocks, root},
    repository::{Repository, words},
};

fn script() -> String {
    let documents = blocks(&root().join("docs/ci.md"));
    let jobs = documents.iter().filter(|block| block.info == "yaml");
    let job = jobs.filter_map(|block| {
        let document: Value = serde_yaml_ng::from_str(&block.text).unwrap();
        document.get("migrations").cloned()
    });
    let [job] = &job.collect::<Vec<_>>()[..] else { panic!("one example is GitLab's") };
    assert_eq!(job["artifacts"]["reports"]["codequality"], "heads.json");
    let lines = job["script"].as_sequence().unwrap().iter();
    lines.map(|line| line.as_str().unwrap().to_owned() + "\n").collect()
}

#[test]
fn one_head_passes() {
    let repository = Repository::new();
    let output = repository
        .shell(&script())
        .env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(
        fs_err::read_to_string(repository.project().join("heads.json")).unwrap().trim(),
        "[]"
    );
}

#[test]
fn a_second_head_on_the_target_branch_fails() {
    let repository = Repository::new();
    repository.add_head("b2c3d4e5f607");
    repository.bash("git checkout --quiet main && git add --all && git commit --quiet -m theirs && git push --quiet origin main && git checkout --quiet feature");
    repository.add_head("c3d4e5f60718");
    let output = repository
        .shell(&script())
        .env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let report = fs_err::read_to_string(repository.project().join("heads.json")).unwrap();
    let findings: Value = serde_yaml_ng::from_str(&report).unwrap();
    assert!(!findings.as_sequence().unwrap().is_empty(), "{report}");
    assert!(words(&output).contains("heads, expected 1"), "{}", words(&output));
}
