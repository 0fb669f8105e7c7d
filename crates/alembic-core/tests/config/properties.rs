//! Whatever the text, reading it ends, and ends without a panic.

use alembic_core::config::ini::IniFile;
use proptest::prelude::*;

use crate::project::Project;

/// Text made of what has a meaning here.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "[",
        "]",
        "[alembic]\n",
        "[DEFAULT]\n",
        "=",
        ":",
        "#",
        ";",
        "%",
        "%%",
        "%(",
        ")s",
        "%(a)s",
        "%(here)s",
        "a",
        "A",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n  ",
        "script_location",
        "version_locations",
        "path_separator = os\n",
        "://",
        "@",
        "password=",
        "é",
        "\u{85}",
        "\u{feff}",
        "\0",
        "'",
        "\"",
        ",",
        "pkg:migs",
        "[tool.alembic]\n",
        "true",
        "1",
        "{",
        "}",
    ]);
    prop::collection::vec(fragment, 0..60).prop_map(|fragments| fragments.concat())
}

fn read_everything(text: &str) {
    let Ok(file) = IniFile::parse("a.ini", text, "/p").inspect_err(show) else {
        return;
    };
    for section in file.sections().chain(["DEFAULT", "", "none"]) {
        for option in file.options(section) {
            let _ = file.get(section, option).inspect_err(show);
        }
        let _ = file.items(section);
    }
}

/// Rendering looks at every label: one out of bounds would panic here.
fn show(error: &alembic_core::config::ConfigError) {
    let mut out = String::new();
    miette::NarratableReportHandler::new()
        .render_report(&mut out, error)
        .expect("labels are inside the text");
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        read_everything(&text);
    }

    #[test]
    fn any_order_of_fragments_can_be_read(text in fragments()) {
        read_everything(&text);
    }

    #[test]
    fn any_bytes_can_be_a_configuration(
        ini in prop_oneof![any::<Vec<u8>>(), fragments().prop_map(String::into_bytes)],
        toml in prop_oneof![any::<Vec<u8>>(), fragments().prop_map(String::into_bytes)],
    ) {
        let project = Project::new(&[]);
        project.write("alembic.ini", &ini);
        project.write("pyproject.toml", &toml);
        match project.settings() {
            Ok(settings) => drop(project.config().warnings(&settings)),
            Err(error) => show(&error),
        }
    }
}
