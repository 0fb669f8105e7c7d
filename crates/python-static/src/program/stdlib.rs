//! Which modules are Python's own, and which libraries are known by their names alone.

const STANDARD: &str = " __future__ abc argparse array ast asyncio atexit base64 binascii bisect builtins bz2 calendar cmd code codecs collections colorsys concurrent configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis doctest email encodings enum errno faulthandler fcntl filecmp fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap multiprocessing numbers opcode operator optparse os pathlib pdb pickle pkgutil platform plistlib poplib posixpath pprint profile pstats pty pwd queue quopri random re readline reprlib resource runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tarfile tempfile termios textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc zipfile zipimport zlib zoneinfo ntpath ";
const KNOWN: &str =
    " sqlalchemy sqlmodel flask_sqlalchemy alembic typing_extensions pydantic pydantic_core ";

/// Whether a module is known by its name alone.
pub(super) fn is_symbolic(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    let padded = format!(" {first} ");
    STANDARD.contains(&padded) || KNOWN.contains(&padded)
}

/// Whether a top-level module is one of Python's own.
pub fn is_standard(name: &str) -> bool {
    STANDARD.contains(&format!(" {name} "))
}
