//! The edit of a script's bytes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use python_static::{Environment, Project, SourceFile};

use super::RebaseError;
use crate::script::{Declaration, parse};

/// What a script follows: an identifier, or nothing.
pub type Parent<'a> = Option<&'a str>;

/// Makes the script in `bytes` follow `new` instead of `old`. Quotes, comments, line ends and everything else stay.
/// `roots` is where the script's imports are looked for.
///
/// # Errors
/// When the script cannot be read, or would not say what is wanted afterwards.
pub fn edit(
    path: &Path,
    bytes: &[u8],
    roots: &[PathBuf],
    old: Parent<'_>,
    new: Parent<'_>,
) -> Result<Vec<u8>, RebaseError> {
    let project = &Project::new(roots.iter().cloned());
    let refused = |reason: String| RebaseError::Edit {
        path: path.display().to_string(),
        reason,
        wanted: new.map_or("None".to_owned(), |new| format!("\"{new}\"")),
    };
    let before = declared(path, bytes, project).map_err(refused)?;
    if before.down_revision.iter().map(String::as_str).ne(old) {
        let follows = before.down_revision.join(", ");
        return Err(refused(format!("it follows `{follows}` by now")));
    }
    let text = Text::new(path, bytes).map_err(refused)?;
    let mut changes = changes(&text, path, project, old, new).map_err(refused)?;
    // From the end on, so that the places before stay right.
    changes.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut edited = bytes.to_vec();
    for (place, replacement) in changes {
        let place = text
            .bytes_of(&place)
            .ok_or_else(|| refused("its encoding is not followed".to_owned()))?;
        if !(text.is_utf8 || replacement.is_ascii()) {
            return Err(refused("its encoding may not have these characters".to_owned()));
        }
        edited.splice(place, replacement.into_bytes());
    }
    let after = declared(path, &edited, project).map_err(refused)?;
    let wanted = new.map(str::to_owned).into_iter().collect();
    if after != (Declaration { down_revision: wanted, ..before }) {
        let reason = "changing its `down_revision` would change something else";
        return Err(refused(reason.to_owned()));
    }
    Ok(edited)
}

fn declared(path: &Path, bytes: &[u8], project: &Project) -> Result<Declaration, String> {
    match parse(path, bytes.to_vec(), project) {
        Ok((_, declaration)) => Ok(declaration),
        Err(problem) => Err(problem.to_string()),
    }
}

/// A script's text, and how it lies in the file's bytes.
struct Text {
    source: SourceFile,
    /// Where the text begins in the bytes, behind a byte order mark.
    start: usize,
    is_utf8: bool,
    length: usize,
}

impl Text {
    fn new(path: &Path, bytes: &[u8]) -> Result<Self, String> {
        let source = SourceFile::decode(path.to_string_lossy(), bytes.to_vec())
            .map_err(|error| error.to_string())?;
        let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let is_utf8 = bytes.get(start..) == Some(source.text().as_bytes());
        Ok(Self { source, start, is_utf8, length: bytes.len() })
    }

    /// The place in the file of a place in the text: the same in UTF-8; character by character where every character
    /// is one byte.
    fn bytes_of(&self, place: &Range<usize>) -> Option<Range<usize>> {
        if self.is_utf8 {
            return Some(self.start + place.start..self.start + place.end);
        }
        let text = self.source.text();
        let single = text.chars().count() == self.length;
        let position = |at: usize| text.get(..at).map(|before| before.chars().count());
        single.then_some(())?;
        Some(position(place.start)?..position(place.end)?)
    }
}

type Change = (Range<usize>, String);

fn changes(
    text: &Text,
    path: &Path,
    project: &Project,
    old: Parent<'_>,
    new: Parent<'_>,
) -> Result<Vec<Change>, String> {
    let environment = Environment { file: path, project };
    let module =
        python_static::read_module(&text.source, &["down_revision", "__doc__"], &environment)
            .map_err(|error| error.message)?;
    let binding = module.binding("down_revision").ok_or("it has no `down_revision`")?;
    let source = text.source.text();
    let mut changes = vec![value_change(source, binding.value.clone(), old, new)?];
    if let Some(doc) = module.binding("__doc__") {
        changes.extend(doc_change(source, doc.statement.clone(), old, new));
    }
    Ok(changes)
}

/// The change of the value: the identifier between its quotes where it stands there once, else the whole expression.
fn value_change(
    source: &str,
    value: Range<usize>,
    old: Parent<'_>,
    new: Parent<'_>,
) -> Result<Change, String> {
    let code = source.get(value.clone()).ok_or("its `down_revision` has no place")?;
    if let (Some(old), Some(new)) = (old, new) {
        let quoted = |quote: char| {
            let literal = format!("{quote}{old}{quote}");
            let mut found = code.match_indices(literal.as_str()).map(|(at, _)| at + 1);
            found.next().filter(|_| found.next().is_none())
        };
        let plain = !new.contains(['\'', '"', '\\']);
        if let Some(at) = quoted('"').or_else(|| quoted('\'')).filter(|_| plain) {
            let start = value.start + at;
            return Ok((start..start + old.len(), new.to_owned()));
        }
    }
    let quote =
        if source.contains("revision = '") || source.contains(": str = '") { '\'' } else { '"' };
    let written = match new {
        None => "None".to_owned(),
        Some(new) if new.contains(['\'', '"', '\\']) => crate::config::python_repr(new),
        Some(new) => format!("{quote}{new}{quote}"),
    };
    Ok((value, written))
}

/// What a script's docstring says behind `Revises:`, if it has that line.
pub fn docstring_parent(path: &Path, bytes: &[u8], roots: &[PathBuf]) -> Option<String> {
    let project = &Project::new(roots.iter().cloned());
    let (script, _) = parse(path, bytes.to_vec(), project).ok()?;
    script.docstring().field("Revises:").map(str::to_owned)
}

/// The change of the docstring's `Revises:` line, if there is one that says what the code says.
fn doc_change(
    source: &str,
    docstring: Range<usize>,
    old: Parent<'_>,
    new: Parent<'_>,
) -> Option<Change> {
    const FIELD: &str = "Revises:";
    let code = source.get(docstring.clone())?;
    let mut at = docstring.start;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        let Some(said) = trimmed.strip_prefix(FIELD) else { continue };
        let field_end = start + line.len() - said.len();
        let said = said.trim_end_matches(['\n', '\r']);
        let id = said.trim();
        if id != old.unwrap_or_default() && !(old.is_none() && id == "None") {
            return None;
        }
        let lead = said.len() - said.trim_start().len();
        let place = match id {
            "" => field_end..field_end + said.len().min(1),
            id => field_end + lead..field_end + lead + id.len(),
        };
        let new = new.unwrap_or_default();
        return Some(match id {
            "" => (place, format!(" {new}")),
            _ => (place, new.to_owned()),
        });
    }
    None
}
