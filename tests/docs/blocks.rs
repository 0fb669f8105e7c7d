//! Fenced blocks of Markdown.

use std::path::{Path, PathBuf};

use fs_err as fs;

/// A fenced block: what stands behind the fence, what is in it, and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) info: String,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The README and the guides.
pub(crate) fn documents() -> Vec<PathBuf> {
    let guides = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        guides.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    found.push(root().join("README.md"));
    found.sort();
    found
}

pub(crate) fn blocks(document: &Path) -> Vec<Block> {
    parse(&fs::read_to_string(document).unwrap())
}

/// The blocks of a text; a fence may be indented.
fn parse(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(info)) => {
                open = Some(Block {
                    info: info.trim().to_owned(),
                    text: String::new(),
                    line: number + 1,
                });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert_eq!(open, None, "a fence that does not end");
    found
}

#[test]
fn fences() {
    let found = parse("a\n```sh\nls\n```\n    ```yaml\n    x\n    ```\n");
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].info.as_str(), found[0].text.as_str(), found[0].line), ("sh", "ls\n", 2));
    assert_eq!(found[1].info, "yaml");
}
