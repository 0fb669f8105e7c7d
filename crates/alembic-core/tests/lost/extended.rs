//! The configuration that a child reads, against real Alembic.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alembic_core::config::{Config, ConfigOptions};
use alembic_testing::Venv;
use fs_err as fs;

use crate::support::{Clone, script};

/// Lets real Alembic say what the options mean: for many folders and options at once,
/// since to start it takes long.
const ASK: &str = "\
import sys, json, os
from alembic.config import Config, CommandLine
from alembic.script import ScriptDirectory
def ask(folder, arguments):
    os.chdir(folder)
    command = CommandLine()
    options = command.parser.parse_args(arguments + ['heads'])
    toml, ini = command._inis_from_config(options)
    config = Config(file_=ini, toml_file=toml, ini_section=options.name, cmd_opts=options)
    directory = ScriptDirectory.from_config(config)
    return {
        'locations': [str(place) for place in directory._version_locations],
        'sys_path': config.get_prepend_sys_paths_list(),
        'ids': sorted(script.revision for script in directory.walk_revisions()),
        'here': config.file_config.defaults()['here'],
        'custom': config.get_main_option('custom'),
        'sections': config.file_config.sections(),
        'post': dict(config.get_section('other', {})),
    }
print(json.dumps([ask(*job) for job in json.load(sys.stdin)]))
";

/// A folder, and options.
type Job = (PathBuf, Vec<OsString>);

fn ask_all(jobs: &[Job]) -> Vec<serde_json::Value> {
    let text = |part: &OsString| part.to_str().expect("plain").to_owned();
    let jobs: Vec<(&PathBuf, Vec<String>)> = jobs
        .iter()
        .map(|(folder, arguments)| (folder, arguments.iter().map(text).collect()))
        .collect();
    let mut child = Command::new(Venv::find().python())
        .args(["-W", "error::UserWarning", "-c", ASK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python");
    let input = serde_json::to_vec(&jobs).expect("json");
    child.stdin.take().expect("a pipe").write_all(&input).expect("python reads");
    let output = child.wait_with_output().expect("python");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("json")
}

fn ask(clone: &Clone, arguments: &[OsString]) -> serde_json::Value {
    ask_all(&[(clone.top.clone(), arguments.to_vec())]).remove(0)
}

fn more(clone: &Clone, name: &str) -> PathBuf {
    let more = clone.beside(name);
    fs::create_dir_all(&more).expect("a folder");
    fs::write(more.join("z.py"), script("zzz", "")).expect("a file");
    more
}

fn extended(clone: &Clone, options: &ConfigOptions, more: &Path) -> (String, Vec<OsString>) {
    let config = Config::load(options).unwrap_or_else(|error| panic!("{error}"));
    let settings = config.script_settings().unwrap_or_else(|error| panic!("{error}"));
    let extended =
        config.extended(&settings, &[more.to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    let file = clone.beside("generated").join("alembic.ini");
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(&file, extended.text()).expect("a file");
    (extended.text().to_owned(), extended.arguments(&file))
}

/// Compares before and after for ini files; the texts.
fn check(inis: &[&str], name: &str) -> Vec<String> {
    let mut jobs: Vec<Job> = Vec::new();
    let mut made = Vec::new();
    for ini in inis {
        let clone = Clone::without_git(OsStr::new("pro ject"));
        clone.script("a.py", "aaa", "");
        clone.write("lib/keep", "");
        clone.write("alembic.ini", ini);
        let more = more(&clone, name);
        let (text, arguments) = extended(&clone, &ConfigOptions::new(&clone.top), &more);
        jobs.push((clone.top.clone(), Vec::new()));
        jobs.push((clone.top.clone(), arguments));
        made.push((clone, more, text));
    }
    let answers = ask_all(&jobs);
    for ((clone, more, text), answers) in made.iter().zip(answers.chunks(2)) {
        compare(clone, more, text, &answers[0], &answers[1]);
    }
    made.into_iter().map(|(_, _, text)| text).collect()
}

fn compare(
    clone: &Clone,
    more: &Path,
    text: &str,
    before: &serde_json::Value,
    after: &serde_json::Value,
) {
    let mut ids: Vec<_> = before["ids"].as_array().expect("a list").clone();
    ids.push("zzz".into());
    assert_eq!(after["ids"], serde_json::Value::from(ids), "{text}");
    let last = after["locations"].as_array().and_then(|all| all.last()).cloned();
    assert_eq!(last, Some(more.to_str().expect("plain").into()), "{text}");
    for same in ["here", "custom", "sections", "post"] {
        assert_eq!(after[same], before[same], "{same} of\n{text}");
    }
    let absolute = |answer: &serde_json::Value| -> Option<Vec<PathBuf>> {
        let list = answer["sys_path"].as_array()?;
        Some(list.iter().map(|p| clone.top.join(p.as_str().expect("a text"))).collect())
    };
    assert_eq!(absolute(after), absolute(before), "{text}");
}

#[test]
fn plain_files() {
    let inis = [
        "[alembic]\nscript_location = migrations\n",
        "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\ncustom = %(here)s/x\n",
        "# head\n[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .:lib\npath_separator = os\n[other]\na = %(here)s\n",
        "[alembic]\nscript_location = migrations\nversion_locations = %(here)s/migrations/versions\npath_separator = :\n",
        "[alembic]\nscript_location = migrations\nversion_locations =\n  # one\n  migrations/versions\n  lib\n\npath_separator = newline\ncustom = 1",
        "[alembic]\nscript_location = migrations\nversion_locations = migrations/versions lib\n",
        "[alembic]\nscript_location = migrations\nversion_locations = migrations/versions, lib\nprepend_sys_path = . lib\n",
        "[alembic]\nscript_location = migrations\nversion_path_separator = ;\nversion_locations = migrations/versions;lib\n",
        "[other]\nb = 2\n[alembic]\n  script_location = migrations\n  custom = x\n   y\n[third]\nc = 3\n",
        "[DEFAULT]\nversion_locations = migrations/versions\npath_separator = os\n[alembic]\nscript_location = migrations\n",
        "[DEFAULT]\nhere = /elsewhere\n[alembic]\nscript_location = migrations\ncustom = %(here)s\n",
        "[alembic]\r\nscript_location = migrations\r\nversion_locations = migrations/versions\r\ncustom = 5\r\n",
        "[alembic] # main\nVersion_Locations: migrations/versions\nscript_location: migrations",
    ];
    check(&inis, "more");
}

#[test]
fn paths_that_hold_the_separator() {
    let inis = [
        "[alembic]\nscript_location = migrations\n",
        "[alembic]\nscript_location = migrations\nprepend_sys_path = .;lib\npath_separator = ;\n",
        "[alembic]\nscript_location = migrations\nprepend_sys_path = .:lib\npath_separator = os\n",
        "[alembic]\nscript_location = migrations\npath_separator = space\nprepend_sys_path = . lib\nversion_locations = migrations/versions lib\n",
    ];
    check(&inis, "m:o;r e%(x)s");
}

#[test]
fn the_rest_stays_to_the_byte() {
    let texts = check(
        &[
            "# über\n[alembic]\n# keep\nversion_locations = migrations/versions\n    # inside\n    \n; also\nscript_location = migrations\n\n[logger_root]\nlevel = WARNING\n",
        ],
        "more",
    );
    let text = &texts[0];
    assert!(text.starts_with("# über\n[alembic]\nversion_locations = /"), "{text}");
    assert!(
        text.contains("; also\nscript_location = migrations\n\n[logger_root]\nlevel = WARNING\n"),
        "{text}"
    );
}

#[test]
fn another_section() {
    let clone = Clone::without_git(OsStr::new("project"));
    clone.script("a.py", "aaa", "");
    clone.write(
        "alembic.ini",
        "[alembic]\nscript_location = nowhere\n[two]\nscript_location = migrations\n",
    );
    let more = more(&clone, "more");
    let mut options = ConfigOptions::new(&clone.top);
    "two".clone_into(&mut options.section);
    let (_, mut arguments) = extended(&clone, &options, &more);
    arguments.extend(["-n".into(), "two".into()]);
    assert_eq!(ask(&clone, &arguments)["ids"], serde_json::json!(["aaa", "zzz"]));
}

#[test]
fn pyproject() {
    let toml = "[tool.alembic]\nscript_location = \"%(here)s/migrations\"\nprepend_sys_path = [\".\"]\nversion_locations = [\"%(here)s/migrations/versions\"]\n";
    for ini in [None, Some("[alembic]\nsqlalchemy.url = x\n"), Some("[other]\na = 1\n")] {
        for folder in ["", "sub/"] {
            let clone = Clone::without_git(OsStr::new("project"));
            fs::remove_file(clone.top.join("alembic.ini")).expect("a file");
            fs::create_dir_all(clone.top.join("sub")).expect("a folder");
            let location = format!("{folder}pyproject.toml");
            clone.write(
                &location,
                &toml.replace(
                    "migrations",
                    if folder.is_empty() { "migrations" } else { "../migrations" },
                ),
            );
            clone.script("a.py", "aaa", "");
            if let Some(ini) = ini {
                clone.write("alembic.ini", ini);
            }
            let more = more(&clone, "more");
            let mut options = ConfigOptions::new(&clone.top);
            if !folder.is_empty() {
                options.config_files.push(location.into());
            }
            let (text, arguments) = extended(&clone, &options, &more);
            let answer = ask(&clone, &arguments);
            assert_eq!(answer["ids"], serde_json::json!(["aaa", "zzz"]), "{text}");
            assert_eq!(answer["sys_path"], serde_json::json!(["."]), "{text}");
        }
    }
}

/// `fileConfig` of a project that had no ini file, and of one that names its folder.
#[test]
fn logging_reads_it() {
    let python = "import sys\nfrom logging.config import fileConfig\nfileConfig(sys.argv[1])\n";
    let clone = Clone::without_git(OsStr::new("project"));
    let run = |arguments: &[OsString]| {
        let output = Command::new(Venv::find().python())
            .args(["-c", python])
            .arg(&arguments[1])
            .output()
            .expect("python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    clone.write("alembic.ini", "[alembic]\nscript_location = migrations\n[loggers]\nkeys = root\n[handlers]\nkeys = f\n[formatters]\nkeys =\n\
        [logger_root]\nhandlers = f\n[handler_f]\nclass = FileHandler\nargs = ('%(here)s/log',)\n");
    let more = more(&clone, "more");
    run(&extended(&clone, &ConfigOptions::new(&clone.top), &more).1);
    assert!(clone.top.join("log").exists());
    fs::remove_file(clone.top.join("alembic.ini")).expect("a file");
    clone.write("pyproject.toml", "[tool.alembic]\nscript_location = \"migrations\"\n");
    run(&extended(&clone, &ConfigOptions::new(&clone.top), &more).1);
}
