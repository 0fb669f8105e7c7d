//! Reading files whose size nobody promises.

use std::io::{self, Read as _};
use std::path::Path;

/// The first bytes of a file, at most `limit`.
///
/// A file that grows meanwhile, a device or a pipe gives no more than that either; opening a pipe may wait for a writer.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn up_to(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = fs_err::File::open(path)?;
    // Room for all of it at once: a buffer that grows from nothing asks the system some eight times per file.
    let said = file.metadata().map_or(0, |metadata| metadata.len()).min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(said).map_or(0, |said| said + 1));
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::up_to;

    #[test]
    fn no_more_than_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for content in ["", "short", &"long ".repeat(10_000)] {
            fs_err::write(&path, content).unwrap();
            for limit in [0, 1, 5, 49_999, 50_000, 50_001] {
                let length = content.len().min(usize::try_from(limit).unwrap());
                assert_eq!(up_to(&path, limit).unwrap(), &content.as_bytes()[..length]);
            }
        }
        assert!(up_to(&folder.path().join("none"), 1).is_err());
    }
}
