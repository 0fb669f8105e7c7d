//! The shell blocks.

use crate::{
    blocks::{Block, blocks, documents},
    repository::{Repository, words},
};

/// Languages that a shell block may be called by; only the first is used.
const SHELLS: [&str; 5] = ["sh", "bash", "shell", "console", "zsh"];

fn is_shell(block: &Block) -> bool {
    SHELLS.contains(&block.info.split_whitespace().next().unwrap_or_default())
}

#[test]
fn every_shell_block_runs_or_says_why_it_cannot() {
    let mut run = 0;
    for document in documents() {
        let shell: Vec<Block> = blocks(&document).into_iter().filter(is_shell).collect();
        if shell.is_empty() {
            continue;
        }
        let repository = Repository::new();
        for block in shell {
            let place = format!("{}:{}", document.display(), block.line);
            match block.info.strip_prefix("sh") {
                Some("") => {
                    let output = repository.shell(&block.text).output().unwrap();
                    assert!(output.status.success(), "{place}: {}\n{}", block.text, words(&output));
                    run += 1;
                }
                Some(rest) => {
                    let reason = rest.trim().strip_prefix("no-run:").map(str::trim);
                    assert!(
                        reason.is_some_and(|reason| !reason.is_empty()),
                        "{place}: no reason: {}",
                        block.info
                    );
                }
                None => panic!("{place}: call it `sh`: {}", block.info),
            }
        }
    }
    assert!(run > 5, "only {run} blocks were run");
}
