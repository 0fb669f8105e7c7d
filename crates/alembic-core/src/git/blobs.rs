//! The contents of many blobs, one after the other, without keeping them.

use std::ops::ControlFlow;

use super::command::Limit;
use super::error::GitError;
use super::repository::Repository;

/// What reading many blobs may cost.
const LIMIT: Limit = Limit { seconds: 30, megabytes: 4096 };

/// No migration script is larger, in bytes.
const LARGEST: usize = 4 << 20;

/// How a look at many blobs ended.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// How many this clone does not hold.
    pub(crate) missing: usize,
    /// Why some were not looked at.
    pub(crate) cut_short: Option<GitError>,
}

impl Repository {
    /// Shows `look` the contents of each blob with its number in `ids`. Blobs that
    /// are too large for a script, and those that a partial clone lacks, are passed
    /// over.
    ///
    /// # Errors
    /// When git cannot be asked. A limit of time or size is no error.
    pub(crate) fn scan_blobs(
        &self,
        ids: &[&str],
        look: impl FnMut(usize, &[u8]),
    ) -> Result<Scan, GitError> {
        if ids.is_empty() {
            return Ok(Scan::default());
        }
        let input = ids.iter().flat_map(|id| [id.as_bytes(), b"\n"]).flatten().copied().collect();
        let mut reader = Reader { look, pending: Vec::new(), next: 0, skip: 0, missing: 0 };
        let batch = self.git("cat-file").args(["--batch", "--buffer"]).input(input).limits(LIMIT);
        let ended = batch.stream(|chunk| reader.take(chunk));
        let missing = reader.missing;
        match ended {
            Ok(()) if reader.next == ids.len() => Ok(Scan { missing, cut_short: None }),
            Ok(()) => Err(GitError::Unexpected { command: "cat-file".to_owned() }),
            Err(error @ (GitError::TimedOut { .. } | GitError::TooMuch { .. })) => {
                Ok(Scan { missing, cut_short: Some(error) })
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads `ID blob SIZE LF CONTENTS LF`, or `ID missing LF`, as it comes.
struct Reader<F> {
    look: F,
    pending: Vec<u8>,
    next: usize,
    /// Bytes of a large blob that are still to come.
    skip: usize,
    missing: usize,
}

/// What stands at the start of the unread bytes.
enum Step {
    /// So many bytes were used.
    Used(usize),
    /// The rest has not come yet.
    Incomplete,
    /// Not git's form.
    Broken,
}

impl<F: FnMut(usize, &[u8])> Reader<F> {
    fn take(&mut self, chunk: &[u8]) -> ControlFlow<()> {
        self.pending.extend_from_slice(chunk);
        let pending = std::mem::take(&mut self.pending);
        let mut start = 0;
        loop {
            match self.step(&pending[start..]) {
                Step::Used(length) => start += length,
                Step::Incomplete => break,
                Step::Broken => return ControlFlow::Break(()),
            }
        }
        self.pending = pending[start..].to_vec();
        ControlFlow::Continue(())
    }

    fn step(&mut self, bytes: &[u8]) -> Step {
        if self.skip > 0 {
            let length = self.skip.min(bytes.len());
            self.skip -= length;
            return if length == 0 { Step::Incomplete } else { Step::Used(length) };
        }
        let Some(end) = memchr::memchr(b'\n', bytes) else { return Step::Incomplete };
        let header = String::from_utf8_lossy(&bytes[..end]);
        let mut words = header.split(' ').skip(1);
        let size = match (words.next(), words.next()) {
            (Some("missing"), None) => {
                self.missing += 1;
                self.next += 1;
                return Step::Used(end + 1);
            }
            (Some(_), Some(size)) => size.parse::<usize>().ok(),
            _ => None,
        };
        // The contents are followed by a line break.
        let Some(length) = size.and_then(|size| size.checked_add(1)) else { return Step::Broken };
        if length > LARGEST {
            self.next += 1;
            self.skip = length;
            return Step::Used(end + 1);
        }
        let Some(contents) = bytes[end + 1..].get(..length) else { return Step::Incomplete };
        (self.look)(self.next, &contents[..length - 1]);
        self.next += 1;
        Step::Used(end + 1 + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_whatever_the_chunks() {
        let output = b"a1 blob 3\nx\ny\nb1 missing\nc1 blob 0\n\nd1 blob 1\nz\n";
        for step in [1, 2, 5, 100] {
            let mut seen = Vec::new();
            let look = |at: usize, contents: &[u8]| seen.push((at, contents.to_vec()));
            let mut reader = Reader { look, pending: Vec::new(), next: 0, skip: 0, missing: 0 };
            for chunk in output.chunks(step) {
                assert!(reader.take(chunk).is_continue());
            }
            assert_eq!((reader.next, reader.missing), (4, 1));
            assert_eq!(seen, [(0, b"x\ny".to_vec()), (2, Vec::new()), (3, b"z".to_vec())]);
        }
    }

    #[test]
    fn passes_over_what_is_too_large_and_stops_at_nonsense() {
        let mut output = format!("a1 blob {}\n", LARGEST + 10).into_bytes();
        output.resize(output.len() + LARGEST + 11, b'x');
        output.extend_from_slice(b"b1 blob 1\ny\n");
        let mut seen = Vec::new();
        let look = |at: usize, contents: &[u8]| seen.push((at, contents.len()));
        let mut reader = Reader { look, pending: Vec::new(), next: 0, skip: 0, missing: 0 };
        for chunk in output.chunks(100_000) {
            assert!(reader.take(chunk).is_continue());
        }
        assert!(reader.take(b"c1 blob many\n").is_break());
        assert_eq!(seen, [(1, 1)]);
    }
}
