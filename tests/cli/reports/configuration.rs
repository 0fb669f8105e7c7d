//! Configurations that lead nowhere.

use alembic_testing::Project;
use insta::assert_snapshot;

use super::{ini, report};
use crate::project::{in_project, letters};

#[test]
fn none() {
    assert_snapshot!(report(&in_project(Project::empty()), &["heads"]), @"
    × No 'script_location' key found in configuration.
    help: `alembic.ini` does not exist: name a configuration with `-c`, or create one with `init`
    ");
}

#[test]
fn no_such_section() {
    assert_snapshot!(report(&letters("a"), &["-n", "alembik", "heads"]), @"
     × No 'script_location' key found in configuration.
      ╭─[alembic.ini:1:1]
    1 │ [alembic]
      · ────┬────
      ·     ╰── section names count in every letter
    2 │ script_location = %(here)s/migrations
      ╰────
     help: write [alembik] instead of [alembic]
    ");
}

#[test]
fn no_script_location() {
    assert_snapshot!(report(&ini("[alembic]\nscript_locaton = migrations\n"), &["heads"]), @"
     × No 'script_location' key found in configuration.
      ╭─[alembic.ini:2:1]
    1 │ [alembic]
    2 │ script_locaton = migrations
      · ───────┬──────
      ·        ╰── this key is not known
      ╰────
     help: did you mean `script_location`?
    ");
}

#[test]
fn no_such_folder() {
    assert_snapshot!(report(&ini("[alembic]\nscript_location = %(here)s/migration\n"), &["heads"]), @"
     × Path doesn't exist: {P}/migration.  Please use the 'init' command to create a new scripts folder.
      ╭─[alembic.ini:2:19]
    1 │ [alembic]
    2 │ script_location = %(here)s/migration
      ·                   ─────────┬────────
      ·                            ╰── nothing is there
      ╰────
     help: did you mean `{P}/migrations`?
    ");
}

#[test]
fn no_section_header() {
    assert_snapshot!(report(&ini("script_location = migrations\n"), &["heads"]), @r"
     × File contains no section headers.
     │ file: PosixPath('alembic.ini'), line: 1
     │ 'script_location = migrations\n'
      ╭─[alembic.ini:1:1]
    1 │ script_location = migrations
      · ──────────────┬─────────────
      ·               ╰── this stands outside of any section
      ╰────
     help: write `[alembic]` on a line of its own above the first option
    ");
}

#[test]
fn an_option_twice() {
    assert_snapshot!(report(&ini("[alembic]\nscript_location = a\nscript_location = b\n"), &["heads"]), @"
     × While reading from PosixPath('alembic.ini') [line  3]: option 'script_location' in section 'alembic' already exists
      ╭─[alembic.ini:2:1]
    1 │ [alembic]
    2 │ script_location = a
      · ───────┬───────
      ·        ╰── first set here
    3 │ script_location = b
      · ───────┬───────
      ·        ╰── the key is set again here
      ╰────
     help: keep one of the two lines; keys are the same in upper and lower case
    ");
}

#[test]
fn percent_signs() {
    assert_snapshot!(report(&ini("[alembic]\nscript_location = 100%\n"), &["heads"]), @"
     × '%' must be followed by '%' or '(', found: '%'
      ╭─[alembic.ini:2:22]
    1 │ [alembic]
    2 │ script_location = 100%
      ·                      ┬
      ·                      ╰── this `%` stands alone
      ╰────
     help: write `%%` for a percent sign
    ");
    assert_snapshot!(report(&ini("[alembic]\nscript_location = %(home)s/migrations\n"), &["heads"]), @"
     × Bad value substitution: option 'script_location' in section 'alembic' contains an interpolation key 'home' which is not a valid option name. Raw value: '%(home)s/migrations'
      ╭─[alembic.ini:2:19]
    1 │ [alembic]
    2 │ script_location = %(home)s/migrations
      ·                   ┬
      ·                   ╰── nothing has this name
      ╰────
     help: set `home` in [alembic], or write `%%` for a percent sign
    ");
}

#[test]
fn a_separator_that_is_none() {
    let text = "[alembic]\nscript_location = migrations\npath_separator = comma\nversion_locations = a b\n";
    assert_snapshot!(report(&ini(text), &["heads"]), @"
     × 'comma' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';'
      ╭─[alembic.ini:3:18]
    2 │ script_location = migrations
    3 │ path_separator = comma
      ·                  ──┬──
      ·                    ╰── not one of the known separators
    4 │ version_locations = a b
      ╰────
    ");
}

#[test]
fn toml_that_is_none() {
    let context = in_project(
        Project::empty().with_file("pyproject.toml", "[tool.alembic]\nscript_location = \n"),
    );
    assert_snapshot!(report(&context, &["heads"]), @"
     × string values must be quoted, expected literal string (at line 2, column 19)
      ╭─[pyproject.toml:2:19]
    1 │ [tool.alembic]
    2 │ script_location = 
      ·                   ▲
      ·                   ╰── here
      ╰────
    ");
}

#[test]
fn two_of_one_kind() {
    assert_snapshot!(report(&letters("a"), &["-c", "alembic.ini", "-c", "other.ini", "heads"]), @"
    × only one ini file may be indicated
    help: `-c` may be given once for an ini file and once for a file called `pyproject.toml`
    ");
}
