//! Every template of `init`: real Alembic runs revision, upgrade and downgrade in it.

use alembic_testing::{Project, TestContext};

use crate::{alembic, context, names};

/// A new project with a database URL instead of the placeholder.
fn started(template: &str, scheme: &str) -> TestContext {
    let context = context(Project::empty());
    let output = context.run(["init", "-t", template, "migrations"]);
    assert_eq!(output.code(), Some(0), "{output}");
    let ini = context.project().read("alembic.ini");
    let url = |name: &str| format!("{scheme}:///%(here)s/{name}.db");
    let ini = ini.replace("driver://user:pass@localhost/dbname2", &url("second"));
    let ini = ini.replace("driver://user:pass@localhost/dbname", &url("first"));
    context.project().write("alembic.ini", ini);
    context
}

/// Two scripts of ours and one of Alembic's, in a row.
fn with_scripts(context: &TestContext) {
    for (id, message) in [("a1", "it's the \"first\""), ("b2", "Größe \u{1f680} \\ backslash")] {
        let output = context.run(["revision", "-m", message, "--rev-id", id]);
        assert_eq!(output.code(), Some(0), "{output}");
    }
    alembic(context, &["revision", "-m", "third", "--rev-id", "c3"]);
}

#[test]
fn alembic_migrates_in_every_template() {
    for (template, scheme) in [
        ("generic", "sqlite"),
        ("pyproject", "sqlite"),
        ("multidb", "sqlite"),
        ("async", "sqlite+aiosqlite"),
        ("pyproject_async", "sqlite+aiosqlite"),
    ] {
        let context = started(template, scheme);
        with_scripts(&context);
        alembic(&context, &["upgrade", "head"]);
        alembic(&context, &["downgrade", "base"]);
        assert_eq!(alembic(&context, &["heads"]), "c3 (head)\n", "{template}");
    }
}

#[test]
fn a_merge_is_one_for_alembic_too() {
    let context = started("generic", "sqlite");
    for id in ["a1", "b2"] {
        let head = ["revision", "-m", "one side", "--rev-id", id, "--head", "base"];
        assert_eq!(context.run(head).code(), Some(0));
    }
    let merge = ["merge", "-m", "both", "--rev-id", "m3", "heads"];
    let shown = context.run(merge.iter().copied().chain(["--dry-run"]));
    assert!(
        shown.stdout().contains("+down_revision: Union[str, Sequence[str], None] = ('a1', 'b2')")
    );
    assert_eq!(names(&context, "migrations/versions").len(), 2, "{shown}");
    assert_eq!(context.run(merge).code(), Some(0));
    alembic(&context, &["upgrade", "head"]);
    assert_eq!(alembic(&context, &["current"]).trim(), "m3 (head) (mergepoint)");
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let context = context(Project::empty().with_file("pyproject.toml", "[tool.alembic"));
    let output = context.run(["init", "-t", "pyproject", "a/b"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert_eq!(names(&context, "."), ["pyproject.toml"]);
    let output = context.run(["-c", "no/alembic.ini", "init", "a/b"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert_eq!(names(&context, "."), ["pyproject.toml"]);
}

#[test]
fn an_existing_pyproject_is_added_to() {
    let context = context(Project::empty().with_file("pyproject.toml", "[tool.x]\ny = 1\n"));
    assert_eq!(context.run(["init", "-t", "pyproject", "migs"]).code(), Some(0));
    let text = context.project().read("pyproject.toml");
    assert!(text.starts_with("[tool.x]\ny = 1\n\n\n[tool.alembic]\n"), "{text}");
    assert!(text.contains("script_location = \"%(here)s/migs\""), "{text}");
}

#[test]
fn quiet_holds_back_what_alembic_asks_about() {
    let lines = |context: &TestContext, arguments: &[&str]| {
        let output = context.run(arguments);
        assert_eq!(output.code(), Some(0), "{output}");
        output.stdout().replace("{P}/", "")
    };
    let fresh = context(Project::empty());
    let quiet = ["-q", "init", "migs", "--package", "-t", "pyproject"];
    assert_eq!(
        lines(&fresh, &quiet),
        "Generating migs/README ...  done\nGenerating migs/env.py ...  done\n\
         Generating migs/script.py.mako ...  done\nGenerating pyproject.toml ...  done\n\
         Generating alembic.ini ...  done\n"
    );
    let again = lines(&fresh, &["-q", "init", "other", "-t", "pyproject"]);
    assert!(again.ends_with("has a [tool.alembic] section, skipping\n"), "{again}");
}

#[test]
fn whatever_is_called_tool_alembic_is_left_alone() {
    for toml in ["[[tool.alembic]]\n", "tool.alembic = \"x\"\n", "tool.alembic = false\n"] {
        let context = context(Project::empty().with_file("pyproject.toml", toml));
        let output = context.run(["init", "-t", "pyproject", "migs"]);
        assert_eq!(output.code(), Some(0), "{output}");
        assert_eq!(context.project().read("pyproject.toml"), toml);
    }
}

#[test]
fn templates_are_named_as_folders_and_no_folder_is_this_one() {
    for name in ["generic/", "./generic"] {
        let output = context(Project::empty()).run(["init", "-t", name, "migs"]);
        assert_eq!(output.code(), Some(0), "{name}: {output}");
    }
    let output = context(Project::empty().with_file("x", "")).run(["init", ""]);
    let sentence = "FAILED: Directory . already exists and is not empty\n";
    assert_eq!((output.code(), output.stdout()), (Some(255), sentence.to_owned()), "{output}");
}
