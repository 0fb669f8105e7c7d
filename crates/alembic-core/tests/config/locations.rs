//! Where scripts and revision files are.

use alembic_core::config::ConfigWarningKind;

use crate::project::Project;

fn versions(options: &str) -> Result<Vec<String>, String> {
    let text = format!("[alembic]\nscript_location = %(here)s/migrations\n{options}");
    Project::with_ini(&text).versions()
}

#[expect(clippy::unnecessary_wraps, reason = "compared with a result")]
fn names(list: &[&str]) -> Result<Vec<String>, String> {
    Ok(list.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn an_empty_location_is_the_current_directory() {
    let project = Project::with_ini("[alembic]\nscript_location =\n");
    assert_eq!(project.location(), Ok(String::new()));
    assert_eq!(project.versions(), names(&["versions"]));
}

#[test]
fn a_missing_location_is_named_as_configured() {
    let text = "[alembic]\nscript_location = ./nope//x/\n";
    assert_eq!(
        Project::with_ini(text).location(),
        Err("Path doesn't exist: nope/x.  Please use the 'init' command to create a new scripts folder.".to_owned())
    );
}

#[test]
fn separators_are_named() {
    let one_two = names(&["one", "two"]);
    assert_eq!(versions("version_locations = one:two\npath_separator = os\n"), one_two);
    assert_eq!(versions("version_locations = one;two\npath_separator = ;\n"), one_two);
    assert_eq!(versions("version_locations = one  two\npath_separator = space\n"), one_two);
    assert_eq!(
        versions("version_locations =\n  one\n  # no\n  two\npath_separator = newline\n"),
        one_two
    );
    assert_eq!(versions("version_locations = one;two\nversion_path_separator = ;\n"), one_two);
    assert_eq!(
        versions("version_locations = one;two\npath_separator = ;\nversion_path_separator = :\n"),
        one_two
    );
    assert_eq!(
        versions("version_locations = one\npath_separator = |\n"),
        Err("'|' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';'".to_owned())
    );
}

#[test]
fn a_separator_is_looked_at_only_when_there_is_something_to_split() {
    assert_eq!(versions("path_separator = |\n"), names(&["migrations/versions"]));
}

#[test]
fn without_a_separator_blanks_and_commas_count() {
    assert_eq!(versions("version_locations = one, two three\n"), names(&["one", "two", "three"]));
    assert_eq!(versions("version_locations = one\n  two\n"), names(&["one\ntwo"]));
}

#[test]
fn locations_keep_their_double_dots() {
    assert_eq!(versions("version_locations = ./a/../b\n"), names(&["a/../b"]));
}

#[test]
fn toml_has_lists() {
    let project = Project::with_toml(
        "[tool.alembic]\nscript_location = \"migrations\"\nversion_locations = [\"%(here)s/one\", \"two\"]\n",
    );
    assert_eq!(project.versions(), names(&["one", "two"]));
    let project = Project::with_toml(
        "[tool.alembic]\nscript_location = \"migrations\"\nversion_locations = []\n",
    );
    assert_eq!(project.versions(), names(&["migrations/versions"]));
}

fn package(options: &str) -> Project {
    Project::new(&[
        ("alembic.ini", &format!("[alembic]\n{options}")),
        ("pkg/__init__.py", ""),
        ("pkg/migs/versions/", ""),
        ("lib/far/__init__.py", ""),
        ("lib/far/migs/", ""),
    ])
}

#[test]
fn packages_are_found_like_imports() {
    let project = package("script_location = pkg:migs\nprepend_sys_path = nowhere:.\n");
    assert_eq!(project.location(), Ok("pkg/migs".to_owned()));
    let project = package("script_location = pkg:migs\n");
    assert_eq!(
        project.location(),
        Err("No module named 'pkg'".to_owned()),
        "the current directory is not on the search path"
    );
    let mut project = package("script_location = far:migs\n");
    project.options.environment.python_path = Some(project.root().join("lib").into());
    assert_eq!(project.location(), Ok("lib/far/migs".to_owned()));
}

#[test]
fn packages_may_be_installed() {
    let project = package("script_location = far:migs\n");
    let site = ".venv/lib/python3.12/site-packages";
    project
        .write(&format!("{site}/far.pth"), project.root().join("lib").to_str().unwrap().as_bytes());
    assert_eq!(project.location(), Ok("lib/far/migs".to_owned()));
    project.write(&format!("{site}/far/__init__.py"), b"");
    project.write(&format!("{site}/far/migs/"), b"");
    assert_eq!(project.location(), Ok(format!("{site}/far/migs")));
}

#[test]
fn version_locations_may_be_packages() {
    let options = "script_location = pkg:migs\nprepend_sys_path = .\npath_separator = space\n";
    let project = package(&format!("{options}version_locations = pkg:migs/versions pkg:nope x\n"));
    assert_eq!(project.versions(), names(&["pkg/migs/versions", "pkg/nope", "x"]));
}

#[test]
fn what_alembic_passes_over_is_told() {
    let project = Project::with_ini(
        "[alembic]\nscript_location = file\nversion_locations = migrations/versions nope file\ntimezone = UTC # x\n",
    );
    project.write("file", b"");
    let settings = project.settings().unwrap();
    let kinds = project
        .config()
        .warnings(&settings)
        .into_iter()
        .map(|warning| warning.kind)
        .collect::<Vec<_>>();
    let file = project.root().join("file");
    assert_eq!(
        kinds,
        [
            ConfigWarningKind::CommentInValue {
                key: "timezone".to_owned(),
                value: "UTC # x".to_owned()
            },
            ConfigWarningKind::ScriptLocationIsFile(file.clone()),
            ConfigWarningKind::VersionLocationMissing(project.root().join("nope")),
            ConfigWarningKind::VersionLocationIsFile(file),
        ]
    );
}
