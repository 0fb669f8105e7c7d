//! Which file and section an option comes from.

use alembic_core::config::{OptionValue, Outcome, PostWriteHook};

use crate::project::Project;

const HERE: &str = "[alembic]\nscript_location = %(here)s/migrations\n";
const OTHER: &str = "[alembic]\nscript_location = %(here)s/other\n";
const TOML: &str = "[tool.alembic]\nscript_location = \"%(here)s/migrations\"\n";

#[test]
fn a_configuration_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Project::new(&[]).config());
}

#[test]
fn both_files_may_be_missing() {
    assert_eq!(
        Project::new(&[]).location(),
        Err("No 'script_location' key found in configuration.".to_owned())
    );
}

#[test]
fn the_option_names_the_file_and_beats_the_variable() {
    let project = Project::new(&[
        ("alembic.ini", HERE),
        ("my.ini", OTHER),
        ("migrations/", ""),
        ("other/", ""),
    ]);
    assert_eq!(project.location(), Ok("migrations".to_owned()));
    let mut project = project.files(&["my.ini"]);
    assert_eq!(project.location(), Ok("other".to_owned()));
    project.options.environment.alembic_config = Some("alembic.ini".into());
    assert_eq!(project.location(), Ok("other".to_owned()));
    project.options.config_files.clear();
    project.options.environment.alembic_config = Some("my.ini".into());
    assert_eq!(project.location(), Ok("other".to_owned()));
}

#[test]
fn two_files_of_a_kind_are_a_traceback() {
    let project = Project::new(&[]).files(&["a.ini", "b.ini"]);
    let error = project.settings().unwrap_err();
    assert_eq!(error.to_string(), "only one ini file may be indicated");
    assert_eq!(error.outcome(), Outcome::Traceback("CommandError"));
}

#[test]
fn here_is_the_folder_of_the_file_and_other_paths_start_at_the_current_directory() {
    let project = Project::new(&[
        ("conf/my.ini", "[alembic]\nscript_location = migrations\n"),
        ("conf/here.ini", HERE),
        ("migrations/", ""),
        ("conf/migrations/", ""),
    ]);
    let project = project.files(&["conf/my.ini"]);
    assert_eq!(project.location(), Ok("migrations".to_owned()));
    let project = project.files(&["conf/here.ini"]);
    assert_eq!(project.location(), Ok("conf/migrations".to_owned()));
    let project = project.cwd("conf").files(&["../conf/./here.ini"]);
    assert_eq!(project.location(), Ok("conf/../conf/migrations".to_owned()), "`..` stays");
}

#[test]
fn another_section_may_be_chosen_and_default_counts() {
    let text = "[DEFAULT]\nscript_location = migrations\n[second]\nx = 1\n[third]\nscript_location = other\n";
    let project = Project::new(&[("alembic.ini", text), ("migrations/", ""), ("other/", "")]);
    let project = project.section("second");
    assert_eq!(project.location(), Ok("migrations".to_owned()));
    let project = project.section("third");
    assert_eq!(project.location(), Ok("other".to_owned()));
    let project = project.section("DEFAULT");
    assert_eq!(project.location(), Ok("migrations".to_owned()));
    let project = project.section("");
    assert_eq!(project.location(), Err("No section: ''".to_owned()));
}

#[test]
fn the_ini_section_comes_before_toml() {
    let project = Project::new(&[
        ("alembic.ini", "[alembic]\ntimezone = UTC\n"),
        (
            "pyproject.toml",
            "[tool.alembic]\nscript_location = \"migrations\"\ntimezone = \"CET\"\n",
        ),
        ("migrations/", ""),
    ]);
    let config = project.config();
    assert_eq!(config.timezone().unwrap().as_deref(), Some("UTC"));
    assert_eq!(project.location(), Ok("migrations".to_owned()));
}

#[test]
fn toml_is_not_opened_while_the_ini_file_answers() {
    let project = Project::new(&[("alembic.ini", HERE), ("pyproject.toml", "[broken")]);
    let config = project.config();
    let location = config.get_alembic_option("script_location").unwrap();
    assert!(matches!(location, Some(OptionValue::Text(_))));
    assert!(config.get_alembic_option("timezone").is_err());
}

#[test]
fn options_that_nobody_reads_may_be_broken() {
    let project = Project::with_ini(&format!("{HERE}sqlalchemy.url = %\nx = %(nope)s\n"));
    assert_eq!(project.location(), Ok("migrations".to_owned()));
    assert!(project.config().get_main_option("x").is_err());
    assert_eq!(project.config().get_main_option("y").unwrap(), None);
}

#[test]
fn a_missing_section_is_refused_only_when_it_is_asked_for_directly() {
    let error =
        Project::new(&[("alembic.ini", "[loggers]\n")]).config().get_main_option("x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "No config file 'alembic.ini' found, or file has no '[alembic]' section"
    );
    assert_eq!(error.outcome(), Outcome::Refused);
}

#[test]
fn booleans_are_exactly_true() {
    for (value, truth) in [("true", true), ("True", false), ("yes", false), ("1", false)] {
        let project = Project::with_ini(&format!("{HERE}recursive_version_locations = {value}\n"));
        let settings = project.settings().unwrap();
        assert_eq!(settings.recursive_version_locations, truth, "{value}");
    }
    let project = Project::with_toml(&format!("{TOML}recursive_version_locations = true\n"));
    assert!(project.settings().unwrap().recursive_version_locations);
    let project = Project::with_toml(&format!("{TOML}recursive_version_locations = \"true\"\n"));
    assert_eq!(
        project.location(),
        Err("boolean value expected for TOML parameter 'recursive_version_locations'".to_owned())
    );
}

#[test]
fn the_slug_length_is_a_number_and_zero_is_the_default() {
    let length = |value: &str| {
        let project = Project::with_ini(&format!("{HERE}truncate_slug_length = {value}\n"));
        project.config().truncate_slug_length().map_err(|error| error.to_string())
    };
    assert_eq!(length("8"), Ok(8));
    assert_eq!(length("0"), Ok(40));
    assert_eq!(length(""), Err("invalid literal for int() with base 10: ''".to_owned()));
    let project = Project::with_toml(&format!("{TOML}truncate_slug_length = 12\n"));
    assert_eq!(project.config().truncate_slug_length().unwrap(), 12);
}

#[test]
fn templates_double_their_percent_signs_in_both_files() {
    let project = Project::with_ini(&format!("{HERE}file_template = %%(slug)s-%%(rev)s\n"));
    assert_eq!(project.config().file_template().unwrap(), "%(slug)s-%(rev)s");
    let project = Project::with_toml(&format!("{TOML}file_template = \"%%(slug)s\"\n"));
    assert_eq!(project.config().file_template().unwrap(), "%(slug)s");
    let project = Project::with_toml(&format!("{TOML}file_template = true\n"));
    let error = project.config().file_template().unwrap_err();
    assert_eq!(error.to_string(), "unsupported operand type(s) for %: 'bool' and 'dict'");
    assert!(project.settings().is_ok(), "listings do not need it");
}

#[test]
fn the_revision_environment_takes_every_word_for_true() {
    let environment = |value: &str| {
        let project = Project::with_ini(&format!("{HERE}revision_environment = {value}\n"));
        project.config().revision_environment().map_err(|error| error.to_string())
    };
    assert_eq!(environment("On"), Ok(true));
    assert_eq!(environment("0"), Ok(false));
    assert_eq!(environment("Maybe"), Err("String is not true/false: 'maybe'".to_owned()));
}

#[test]
fn hooks_have_the_options_behind_their_name() {
    let project = Project::with_ini(&format!(
        "{HERE}[post_write_hooks]\nhooks = black, ruff\nblack.type = exec\nblack.executable = %(here)s/b\nblackish.type = no\n"
    ));
    let hooks = project.settings().unwrap().hooks;
    let names = hooks.iter().map(|hook| hook.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["black", "ruff"]);
    assert_eq!(hooks[0].get("type"), Some("exec"));
    assert_eq!(hooks[1].options, []);
    let project = Project::with_toml(&format!(
        "{TOML}[[tool.alembic.post_write_hooks]]\nname = \"mark\"\ntype = \"exec\"\n"
    ));
    let expected = PostWriteHook {
        name: "mark".to_owned(),
        options: vec![("type".to_owned(), "exec".to_owned())],
    };
    assert_eq!(project.settings().unwrap().hooks, [expected]);
}

#[test]
fn all_options_of_a_section_come_with_the_defaults() {
    let project = Project::new(&[("alembic.ini", "[DEFAULT]\na = 1\n[x]\nb = %(a)s\n")]);
    let options = project.config().section_options("x").unwrap().unwrap();
    let expected = [("here", project.root().to_str().unwrap()), ("a", "1"), ("b", "1")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(options, expected);
    assert_eq!(project.config().section_options("y").unwrap(), None);
}
