//! Which candidate counts, and whether it is proven.

use alembic_runtime::database_url::discovery::{Discovery, Outcome, Proof, Source};

use super::project::Project;

const URL: &str = "postgresql://bob:***@db/app";
const FULL: &str = "postgresql://bob:s3@db/app";
const UNREADABLE: &str =
    "import unknown_library\nconfig.set_main_option('sqlalchemy.url', unknown_library.url())\n";

fn chosen(found: &Discovery) -> (String, Source, Proof) {
    let candidate = found.chosen().expect("there is a URL");
    (found.url().expect("there is a URL").to_string(), candidate.source, candidate.proof)
}

#[test]
fn the_command_comes_first() {
    let project = Project::with_lines(UNREADABLE).set("DATABASE_URL", "sqlite://").flag(FULL);
    assert_eq!(chosen(&project.discover()), (URL.to_owned(), Source::Command, Proof::Proven));
    let project = Project::with_lines(UNREADABLE)
        .set("DATABASE_URL", "sqlite://")
        .set("ALEMBIC_RS_URL", FULL);
    assert_eq!(chosen(&project.discover()), (URL.to_owned(), Source::Command, Proof::Proven));
}

#[test]
fn a_name_of_x_counts_only_when_env_py_reads_it() {
    let reads = Project::with_url("x = context.get_x_argument(as_dictionary=True)\n", "x['url']")
        .x("url=postgresql://bob:s3@db/app");
    assert_eq!(chosen(&reads.discover()), (URL.to_owned(), Source::XArgument, Proof::Proven));
    let ignores = Project::with_url("", "'sqlite:///a.db'").x("url=postgresql://bob:s3@db/app");
    assert_eq!(
        chosen(&ignores.discover()),
        ("sqlite:///a.db".to_owned(), Source::Script, Proof::Proven)
    );
}

#[test]
fn the_tool_table_names_a_variable_or_a_file() {
    let project = Project::with_lines(UNREADABLE)
        .file("pyproject.toml", "[tool.alembic-rs]\nurl_env = \"APP_DB\"\n")
        .set("APP_DB", FULL);
    assert_eq!(chosen(&project.discover()), (URL.to_owned(), Source::ToolTable, Proof::Proven));
    let project = Project::with_lines(UNREADABLE)
        .file(
            "pyproject.toml",
            "[tool.alembic-rs]\nurl_env = \"APP_DB\"\nenv_file = \"deploy/local.env\"\n",
        )
        .file("deploy/local.env", "\nexport APP_DB='postgresql://bob:s3@db/app'\n");
    let found = project.discover();
    assert_eq!(chosen(&found), (URL.to_owned(), Source::ToolTable, Proof::Proven));
    assert_eq!(found.chosen().expect("chosen").place, "APP_DB in deploy/local.env:2");
}

#[test]
fn behind_an_env_py_that_cannot_be_read_everything_is_a_guess() {
    let ini =
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://bob:s3@db/app\n";
    let environment = Project::with_lines(UNREADABLE).set("SQLALCHEMY_URL", FULL);
    assert_eq!(
        chosen(&environment.discover()),
        (URL.to_owned(), Source::Environment, Proof::Guessed)
    );
    let file =
        Project::with_lines(UNREADABLE).file(".env", "DATABASE_URL=postgresql://bob:s3@db/app\n");
    assert_eq!(chosen(&file.discover()), (URL.to_owned(), Source::EnvFile, Proof::Guessed));
    let configured = Project::with_lines(UNREADABLE).file("alembic.ini", ini);
    let found = configured.discover();
    assert_eq!(chosen(&found), (URL.to_owned(), Source::Configuration, Proof::Guessed));
    let why = found.candidates.iter().find(|candidate| candidate.source == Source::Script);
    assert!(
        matches!(&why.expect("env.py is a candidate").outcome, Outcome::Unknown(doubt) if doubt.place.line == 9)
    );
    assert_eq!(
        chosen(&Project::with_lines("").file("alembic.ini", ini).discover()),
        (URL.to_owned(), Source::Script, Proof::Proven)
    );
}

#[test]
fn the_placeholder_of_the_templates_is_absent() {
    let found = Project::with_lines("").discover();
    assert!(found.url().is_none());
    assert!(
        found.candidates.iter().any(|candidate| matches!(candidate.outcome, Outcome::Placeholder))
    );
}

#[test]
fn a_default_behind_an_env_file_that_nobody_loads_is_a_guess() {
    let project = Project::with_url("", "os.getenv('DB', 'sqlite:///a.db')");
    assert_eq!(
        chosen(&project.discover()),
        ("sqlite:///a.db".to_owned(), Source::Script, Proof::Proven)
    );
    let project = project.file(".env", "DB=postgresql://bob:s3@db/app\n");
    let found = project.discover();
    assert_eq!(chosen(&found), ("sqlite:///a.db".to_owned(), Source::Script, Proof::Guessed));
    assert!(found.candidates.iter().any(|candidate| {
        candidate.source == Source::EnvFile
            && candidate.url().is_some_and(|url| url.to_string() == URL)
    }));
}

#[test]
fn variables_of_a_file_fill_what_env_py_asks_for() {
    let project =
        Project::with_url("", "f\"postgresql://{os.environ['U']}:{os.environ['P']}@db/app\"")
            .file(".env", "U=bob\nP=s3\n");
    assert_eq!(chosen(&project.discover()), (URL.to_owned(), Source::EnvFile, Proof::Guessed));
}

#[test]
fn several_databases_and_broken_urls_stop_the_search() {
    let several = "
for url in ['sqlite:///a.db', 'sqlite:///b.db']:
    context.configure(connection=create_engine(url).connect())
";
    let project = Project::with_script(&format!("{}{several}", super::project::HEAD))
        .set("DATABASE_URL", FULL);
    let found = project.discover();
    assert!(
        found.url().is_none()
            && matches!(found.obstacle().expect("stops").outcome, Outcome::Several(_))
    );
    assert_eq!(chosen(&project.flag(FULL).discover()).1, Source::Command);
    let broken = Project::with_url("", "'bob:s3cret@db/app'").set("DATABASE_URL", FULL).discover();
    assert!(
        broken.url().is_none()
            && matches!(broken.obstacle().expect("stops").outcome, Outcome::Malformed(_))
    );
}

#[test]
fn no_candidate_shows_a_password() {
    for project in [
        Project::with_url("", "os.environ['A']").set("A", "postgresql://bob:s3cret@db/app"),
        Project::with_url("", "'bob:s3cret@db/app'"),
        Project::with_lines(UNREADABLE).file(".env", "DATABASE_URL=postgresql://bob:s3cret@db:x/app\n").set("DATABASE_URL", "s3cret"),
        Project::with_lines("").file("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = postgresql://bob:s3cret%@db/app\n"),
        Project::with_lines("config.set_main_option('sqlalchemy.url', 'postgresql://bob:s3cret%40@db/app')\n"),
    ] {
        let found = project.discover();
        let shown = format!("{:?}", found.candidates);
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
