//! The whole report for common mistakes, as `miette` tells it without drawing.

use insta::assert_snapshot;

use crate::project::Project;

#[test]
fn a_percent_sign_that_is_not_doubled() {
    let project = Project::with_ini(
        "[alembic]\nscript_location = migrations\nfile_template = %(rev)s_%(slug)s\n",
    );
    assert_snapshot!(project.report(), @"
    Bad value substitution: option 'file_template' in section 'alembic' contains an interpolation key 'rev' which is not a valid option name. Raw value: '%(rev)s_%(slug)s'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 2, column 1

    snippet line 2: script_location = migrations
    snippet line 3: file_template = %(rev)s_%(slug)s
        label at line 3, column 17: nothing has this name
    diagnostic help: in a file name template every `%` is written twice: `%%(rev)s`
    ");
}

#[test]
fn an_encoded_password() {
    let project = Project::with_ini("[alembic]\nsqlalchemy.url = x://bob:a%40b@db/app\n");
    let error = project.config().get_main_option("sqlalchemy.url").unwrap_err();
    assert_snapshot!(project.render(&error), @"
    '%' must be followed by '%' or '(', found: '***@db/app'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: sqlalchemy.url = x://bob:***@db/app
        label at line 2, column 26: this `%` stands alone
    diagnostic help: write every `%` of the URL twice: `%40` becomes `%%40`
    ");
}

#[test]
fn a_reference_to_another_section() {
    let project = Project::with_ini("[x]\nwhere = m\n[alembic]\nscript_location = %(where)s\n");
    assert_snapshot!(project.report(), @"
    Bad value substitution: option 'script_location' in section 'alembic' contains an interpolation key 'where' which is not a valid option name. Raw value: '%(where)s'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 3, column 1

    snippet line 3: [alembic]
    snippet line 4: script_location = %(where)s
        label at line 4, column 19: nothing has this name
    diagnostic help: `where` stands in [x]; move it to [alembic] or [DEFAULT]
    ");
}

#[test]
fn a_comment_behind_the_value() {
    let project = Project::with_ini("[alembic]\nscript_location = migrations  # the scripts\n");
    assert_snapshot!(project.report(), @"
    Path doesn't exist: migrations  # the scripts.  Please use the 'init' command to create a new scripts folder.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = migrations  # the scripts
        label at line 2, columns 19 to 43: nothing is there
    diagnostic help: in an ini file a comment cannot stand behind a value: put it on a line of its own
    ");
}

#[test]
fn quotes_around_the_value() {
    let project = Project::with_ini("[alembic]\nscript_location = \"migrations\"\n");
    assert_snapshot!(project.report(), @r#"
    Path doesn't exist: "migrations".  Please use the 'init' command to create a new scripts folder.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = "migrations"
        label at line 2, columns 19 to 30: nothing is there
    diagnostic help: in an ini file values stand without quotes
    "#);
}

#[test]
fn a_folder_that_starts_elsewhere() {
    let project = Project::new(&[
        ("app/alembic.ini", "[alembic]\nscript_location = scripts\n"),
        ("app/scripts/", ""),
    ]);
    let project = project.files(&["app/alembic.ini"]);
    assert_snapshot!(project.report(), @"
    Path doesn't exist: scripts.  Please use the 'init' command to create a new scripts folder.
        Diagnostic severity: error
    Begin snippet for app/alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = scripts
        label at line 2, columns 19 to 25: nothing is there
    diagnostic help: a relative path starts at the current directory; `%(here)s/scripts` starts at `app/alembic.ini`
    ");
}

#[test]
fn a_slip_in_the_folder() {
    let project = Project::with_ini("[alembic]\nscript_location = migratons\n");
    assert_snapshot!(project.report(), @"
    Path doesn't exist: migratons.  Please use the 'init' command to create a new scripts folder.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = migratons
        label at line 2, columns 19 to 27: nothing is there
    diagnostic help: did you mean `migrations`?
    ");
}

#[test]
fn no_file_here_but_one_above() {
    let project = Project::new(&[
        ("alembic.ini", "[alembic]\nscript_location = %(here)s/m\n"),
        ("app/x/", ""),
    ]);
    assert_snapshot!(project.cwd("app/x").report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `alembic.ini` does not exist; there is one at `../../alembic.ini`: use `-c ../../alembic.ini`
    ");
}

#[test]
fn no_file_here_but_one_below_that_must_be_used_there() {
    let project = Project::new(&[
        ("a/b/alembic.ini", "[alembic]\nscript_location = m\n"),
        ("node_modules/alembic.ini", ""),
    ]);
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `alembic.ini` does not exist; there is one at `a/b/alembic.ini`: run this in `a/b`
    ");
}

#[test]
fn a_repository_ends_the_search() {
    let project = Project::new(&[("alembic.ini", ""), ("repo/.git/", "")]);
    assert_snapshot!(project.cwd("repo").report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `alembic.ini` does not exist: name a configuration with `-c`, or create one with `init`
    ");
}

#[test]
fn a_section_in_capitals() {
    let project = Project::with_ini("[loggers]\n[Alembic]\nscript_location = migrations\n");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [loggers]
    snippet line 2: [Alembic]
        label at line 2, columns 1 to 9: section names count in every letter
    snippet line 3: script_location = migrations
    diagnostic help: write [alembic] instead of [Alembic]
    ");
}

#[test]
fn a_section_that_is_called_otherwise() {
    let project = Project::with_ini("[database]\nscript_location = migrations\n");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: there is no section [alembic], but [database] has the key: choose it with `-n database`
    ");
}

#[test]
fn a_slip_in_the_key() {
    let project = Project::with_ini("[alembic]\nscript_locaton = migrations\n");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_locaton = migrations
        label at line 2, columns 1 to 14: this key is not known
    diagnostic help: did you mean `script_location`?
    ");
}

#[test]
fn the_key_in_another_section() {
    let project = Project::with_ini("[alembic]\nx = 1\n[second]\nscript_location = migrations\n");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 3, column 1

    snippet line 3: [second]
    snippet line 4: script_location = migrations
        label at line 4, columns 1 to 15: it stands in another section
    diagnostic help: move it to [alembic], or choose the section: `-n second`
    ");
}

#[test]
fn a_folder_instead_of_a_file() {
    let project = Project::new(&[("conf/", "")]).files(&["conf"]);
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `conf` is a folder: give the ini file in it, as in `-c conf/alembic.ini`
    ");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere() {
    let project = Project::new(&[]);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, project.root().join(name)).unwrap();
    };
    link("loop", "loop");
    link("gone.ini", "alembic.ini");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `alembic.ini` is a link to `gone.ini`, which leads nowhere
    ");
    fs_err::remove_file(project.root().join("alembic.ini")).unwrap();
    project.write("alembic.ini", b"[alembic]\nscript_location = loop\n");
    assert_snapshot!(project.report(), @"
    Path doesn't exist: loop.  Please use the 'init' command to create a new scripts folder.
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = loop
        label at line 2, columns 19 to 22: nothing is there
    diagnostic help: it is a link to `loop`, which leads nowhere
    ");
}

#[test]
fn toml_under_another_name() {
    let project = Project::new(&[("my.toml", "[tool.alembic]\nscript_location = \"m\"\n")]);
    assert_snapshot!(project.files(&["my.toml"]).report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: `my.toml` is read as an ini file: only a file called `pyproject.toml` is read as toml
    ");
}

#[test]
fn toml_without_the_key() {
    let project = Project::with_toml("[tool.alembic]\nscript_locations = \"m\"\n");
    assert_snapshot!(project.report(), @"
    No 'script_location' key found in configuration.
        Diagnostic severity: error
    diagnostic help: [tool.alembic] in `pyproject.toml` has `script_locations`: did you mean `script_location`?
    ");
}

#[test]
fn toml_that_is_none() {
    let project = Project::with_toml("[tool.alembic\nscript_location = \"m\"\n");
    assert_snapshot!(project.report(), @r#"
    unclosed table, expected `]` (at line 1, column 14)
        Diagnostic severity: error
    Begin snippet for pyproject.toml starting at line 1, column 1

    snippet line 1: [tool.alembic
        label at line 1, column 14: here
    snippet line 2: script_location = "m"
    "#);
}

#[test]
fn toml_with_another_type() {
    let project = Project::with_toml("[tool.alembic]\nscript_location = 5\n");
    assert_snapshot!(project.report(), @"
    expected str, bytes or os.PathLike object, not int
        Diagnostic severity: error
    Begin snippet for pyproject.toml starting at line 1, column 1

    snippet line 1: [tool.alembic]
    snippet line 2: script_location = 5
        label at line 2, column 19: this has the wrong type
    diagnostic help: `script_location` takes a string
    ");
}

#[test]
fn toml_with_an_unknown_name() {
    let project = Project::with_toml("[tool.alembic]\nscript_location = \"%(nope)s/m\"\n");
    assert_snapshot!(project.report(), @r#"
    nothing is known as `%(nope)s`
        Diagnostic severity: error
    Begin snippet for pyproject.toml starting at line 1, column 1

    snippet line 1: [tool.alembic]
    snippet line 2: script_location = "%(nope)s/m"
        label at line 2, columns 19 to 30: in this value
    diagnostic help: write `%%` for a percent sign; `%(here)s` is the folder of this file
    "#);
}

#[test]
fn no_section_header() {
    let project = Project::with_ini("script_location = migrations\n");
    assert_snapshot!(project.report(), @r"
    File contains no section headers.
    file: PosixPath('alembic.ini'), line: 1
    'script_location = migrations\n'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: script_location = migrations
        label at line 1, columns 1 to 28: this stands outside of any section
    diagnostic help: write `[alembic]` on a line of its own above the first option
    ");
}

#[test]
fn a_byte_order_mark() {
    let project = Project::with_ini("\u{feff}[alembic]\nscript_location = migrations\n");
    assert_snapshot!(project.report(), @r"
    File contains no section headers.
    file: PosixPath('alembic.ini'), line: 1
    '\ufeff[alembic]\n'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: <BOM>[alembic]
        label at line 1, columns 1 to 9: this stands outside of any section
    snippet line 2: script_location = migrations
    diagnostic help: the file begins with a byte order mark: save it as UTF-8 without BOM
    ");
}

#[test]
fn another_encoding() {
    let project = Project::new(&[]);
    project.write("alembic.ini", b"# caf\xe9\n[alembic]\n");
    assert_snapshot!(project.report(), @"
    'utf-8' codec can't decode byte 0xe9 in position 5: invalid continuation byte
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: # caf�
        label at line 1, column 6: not UTF-8
    snippet line 2: [alembic]
    diagnostic help: the file is saved in another encoding: save it as UTF-8
    ");
    project.write("alembic.ini", b"\xff\xfe[\0a\0]\0\n\0");
    assert_snapshot!(project.report(), @"
    'utf-8' codec can't decode byte 0xff in position 0: invalid start byte
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: ��[?a?]?
        label at line 1, column 1: not UTF-8
    snippet line 2: ?
    diagnostic help: the file is saved in UTF-16: save it as UTF-8
    ");
}

#[test]
fn lines_that_are_nothing() {
    let project = Project::with_ini("[alembic]\nscript_location\n// no comment\n[open\n");
    assert_snapshot!(project.report(), @r"
    Source contains parsing errors: PosixPath('alembic.ini')
    	[line  2]: 'script_location\n'
    	[line  3]: '// no comment\n'
    	[line  4]: '[open\n'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location
        label at line 2, columns 1 to 15: neither a section, a `key = value` nor a comment
    snippet line 3: // no comment
        label at line 3, columns 1 to 13: neither a section, a `key = value` nor a comment
    snippet line 4: [open
        label at line 4, columns 1 to 5: neither a section, a `key = value` nor a comment
    diagnostic help: write `key = value`; a line that continues a value has to be indented
    ");
}

#[test]
fn keys_and_sections_twice() {
    let project = Project::with_ini("[alembic]\na = 1\nb = 2\nA = 3\n");
    assert_snapshot!(project.report(), @"
    While reading from PosixPath('alembic.ini') [line  4]: option 'a' in section 'alembic' already exists
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: a = 1
        label at line 2, column 1: first set here
    snippet line 3: b = 2
    snippet line 4: A = 3
        label at line 4, column 1: the key is set again here
    diagnostic help: keep one of the two lines; keys are the same in upper and lower case
    ");
    let project = Project::with_ini("[alembic]\na = 1\n[x]\n[alembic]\n");
    assert_snapshot!(project.report(), @"
    While reading from PosixPath('alembic.ini') [line  4]: section 'alembic' already exists
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
        label at line 1, columns 1 to 9: first opened here
    snippet line 2: a = 1
    snippet line 3: [x]
    snippet line 4: [alembic]
        label at line 4, columns 1 to 9: the section is opened again here
    diagnostic help: put all options of the section under one header
    ");
}

#[test]
fn nul_in_a_path() {
    let project = Project::with_ini("[alembic]\nscript_location = migr\0ations\n");
    assert_snapshot!(project.report(), @"
    embedded null byte
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = migr?ations
        label at line 2, columns 19 to 29: this value holds a NUL character
    diagnostic help: a path cannot hold NUL: save the file as plain UTF-8 text
    ");
}

#[test]
fn a_package_that_is_not_on_the_path() {
    let project = Project::with_ini("[alembic]\nscript_location = migrations:versions\n");
    assert_snapshot!(project.report(), @"
    No module named 'migrations'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = migrations:versions
        label at line 2, columns 19 to 37: named here
    diagnostic help: `migrations` is in the current directory: add `prepend_sys_path = .` to the configuration
    ");
    let project = Project::with_ini("[alembic]\nscript_location = app.db:versions\n");
    assert_snapshot!(project.report(), @"
    No module named 'app'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 1, column 1

    snippet line 1: [alembic]
    snippet line 2: script_location = app.db:versions
        label at line 2, columns 19 to 33: named here
    diagnostic help: `script_location` has a colon, so `app` is looked for like a Python import: in prepend_sys_path, PYTHONPATH and the environment's site-packages (VIRTUAL_ENV, .venv)
    ");
}

#[test]
fn an_unknown_separator() {
    let project = Project::with_ini(
        "[alembic]\nscript_location = migrations\nprepend_sys_path = .\npath_separator = os # for Windows\n",
    );
    assert_snapshot!(project.report(), @"
    'os # for Windows' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';'
        Diagnostic severity: error
    Begin snippet for alembic.ini starting at line 3, column 1

    snippet line 3: prepend_sys_path = .
    snippet line 4: path_separator = os # for Windows
        label at line 4, columns 18 to 33: not one of the known separators
    diagnostic help: in an ini file a comment cannot stand behind a value: put it on a line of its own
    ");
}

#[test]
fn two_files_of_a_kind() {
    let project = Project::new(&[]).files(&["a.ini", "b.ini"]);
    assert_snapshot!(project.report(), @"
    only one ini file may be indicated
        Diagnostic severity: error
    diagnostic help: `-c` may be given once for an ini file and once for a file called `pyproject.toml`
    ");
}
