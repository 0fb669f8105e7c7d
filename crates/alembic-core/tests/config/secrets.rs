//! No report shows a password, wherever the fault stands.

use alembic_core::config::ConfigError;

use crate::project::Project;

/// Parts of it are looked for as well: a report may start in the middle.
const PASSWORD: &str = "hunter%42secret";
const PARTS: [&str; 3] = ["hunter", "42sec", "secret"];

fn check(project: &Project, error: &ConfigError) {
    let report = project.render(error);
    for shown in [error.to_string(), format!("{error:?}"), report] {
        for part in PARTS {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
}

fn url() -> String {
    format!("postgresql://bob:{PASSWORD}@db.example/app")
}

#[test]
fn a_percent_sign_in_the_password() {
    let project = Project::with_ini(&format!("[alembic]\nsqlalchemy.url = {}\n", url()));
    let error = project.config().get_main_option("sqlalchemy.url").unwrap_err();
    check(&project, &error);
    assert_eq!(
        error.to_string(),
        "'%' must be followed by '%' or '(', found: '***@db.example/app'"
    );
    assert_eq!(error.help(), Some("write every `%` of the URL twice: `%40` becomes `%%40`"));
}

#[test]
fn an_unknown_name_beside_the_password() {
    let doubled = url().replace('%', "%%");
    let project = Project::with_ini(&format!("[alembic]\nx = {doubled}%(nope)s\n"));
    check(&project, &project.config().get_main_option("x").unwrap_err());
    let project = Project::with_ini(&format!("[alembic]\nx = {doubled}%(x)s\n"));
    check(&project, &project.config().get_main_option("x").unwrap_err());
}

#[test]
fn a_password_that_is_an_option_of_its_own() {
    for key in ["db_password", "pw"] {
        let project = Project::with_ini(&format!(
            "[alembic]\n{key} = {PASSWORD}\nx = postgresql://bob:%({key})s@db/app\n"
        ));
        let error = project.config().get_main_option("x").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn lines_around_another_fault() {
    let lines = format!(
        "# sqlalchemy.url = {0}\nsqlalchemy.url = {0}\ndb_password = {PASSWORD}\nno delimiter {0}\nother.url = {0}\n",
        url()
    );
    for text in [
        lines.clone(),
        format!("[alembic]\n{lines}"),
        format!("[alembic]\n{lines}[alembic]\n"),
        format!("[alembic]\n{lines}SQLALCHEMY.url = x\n"),
        format!("{}\n[alembic]\n", url()),
    ] {
        let project = Project::with_ini(&text);
        check(&project, &project.settings().unwrap_err());
    }
    let valid = lines.replace("no delimiter", "script_location =");
    let project = Project::with_ini(&format!("[alembic]\n{}", valid.replace('%', "%%")));
    check(&project, &project.settings().unwrap_err());
}

#[test]
fn bytes_that_are_not_utf8() {
    let project = Project::new(&[]);
    let mut bytes = format!("[alembic]\nsqlalchemy.url = {}\n# caf", url()).into_bytes();
    bytes.push(0xe9);
    project.write("alembic.ini", &bytes);
    check(&project, &project.settings().unwrap_err());
}

#[test]
fn toml() {
    for rest in ["script_location = 5\n", "script_location = \"%\"\n", "=\n"] {
        let project = Project::with_toml(&format!(
            "[tool.alembic]\nurl = \"{}\"\ntoken = \"{PASSWORD}\"\n{rest}",
            url()
        ));
        check(&project, &project.settings().unwrap_err());
    }
}
