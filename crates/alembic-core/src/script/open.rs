//! Reads the files of one folder after another without walking to the folder for each of them.
//!
//! A version folder lies some eight names deep. To walk down there again for every
//! script is a fifth of what it costs to open, read and close one.

use std::io::{self, Read};
use std::path::Path;

/// How much of a file is read at a time: few scripts have more bytes.
const PIECE: usize = 16 << 10;

/// A file is read short only at its end, or where a page could not be had, which the
/// next read tells.
const PAGE: usize = 4 << 10;

/// The folder of the file that was read last, kept open, and room to read into.
pub(super) struct Reader {
    folder: folder::Open,
    piece: Vec<u8>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { folder: folder::Open::default(), piece: vec![0; PIECE] }
    }

    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// As `fs_err::read`, which has the last word when anything goes wrong.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let file = self.folder.file(path);
        file.and_then(|file| self.all_of(file)).or_else(|_| fs_err::read(path))
    }

    /// As `read_to_end`, without asking for the file's size first, nor for what is behind
    /// its end where a short read has told of it: together two fifths of the calls.
    fn all_of(&mut self, mut file: impl Read) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            match file.read(&mut self.piece) {
                Ok(0) => return Ok(bytes),
                Ok(count) => {
                    bytes.extend_from_slice(&self.piece[..count]);
                    if count < PIECE && !count.is_multiple_of(PAGE) {
                        return Ok(bytes);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(unix)]
mod folder {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    use rustix::fs::{CWD, Mode, OFlags, openat};

    /// A folder by its path, and open.
    #[derive(Default)]
    pub(super) struct Open(Option<(Vec<u8>, OwnedFd)>);

    impl Open {
        /// Opens the file at `path` for reading.
        #[expect(clippy::disallowed_types, reason = "who calls names the path in errors")]
        pub(super) fn file(&mut self, path: &Path) -> io::Result<impl io::Read + use<>> {
            let (folder, name) = parts(path).ok_or(io::ErrorKind::InvalidInput)?;
            let flags = OFlags::RDONLY | OFlags::CLOEXEC;
            let opened = match self.0.take() {
                Some(opened) if opened.0 == folder => opened,
                _ => {
                    let folder_flags = flags | OFlags::DIRECTORY;
                    (folder.to_owned(), openat(CWD, folder, folder_flags, Mode::empty())?)
                }
            };
            let (_, folder) = self.0.insert(opened);
            Ok(std::fs::File::from(openat(folder, name, flags, Mode::empty())?))
        }
    }

    /// A file's folder and its name. `Path` would look at it part by part, which is slow.
    fn parts(path: &Path) -> Option<(&[u8], &[u8])> {
        let path = path.as_os_str().as_bytes();
        let slash = memchr::memrchr(b'/', path)?;
        Some((&path[..slash], &path[slash + 1..]))
    }
}

#[cfg(not(unix))]
mod folder {
    use std::io;
    use std::path::Path;

    /// Nothing is kept open.
    #[derive(Default)]
    pub(super) struct Open;

    impl Open {
        /// Opens the file at `path` for reading.
        #[expect(clippy::unused_self, reason = "elsewhere the folder is kept")]
        pub(super) fn file(&mut self, path: &Path) -> io::Result<impl io::Read + use<>> {
            fs_err::File::open(path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_several_folders_are_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let mut reader = Reader::new();
        let long = |length| "x".repeat(length);
        let texts = [0, 3, PAGE, PAGE + 1, PIECE - 1, PIECE, 3 * PIECE + 1].map(long);
        for (text, inner) in texts.iter().zip(["a", "b", "b"].iter().cycle()) {
            let path = folder.path().join(inner).join("script.py");
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(&path, text).unwrap();
            assert_eq!(reader.read(&path).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut reader = Reader::new();
        for path in [folder.path().join("absent.py"), folder.path().join("absent/script.py")] {
            let error = reader.read(&path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }
}
