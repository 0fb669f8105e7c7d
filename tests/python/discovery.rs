//! The order of the search, and what it says of each candidate.

use crate::tree::Tree;

const SHOP: &str = "home/dev/shop";

#[test]
fn nothing_but_the_systems_python() {
    let tree = Tree::new();
    tree.program("usr/bin/python3");
    let discovery = tree.discover();
    assert_eq!(tree.tell(&discovery), "`usr/bin/python3` (PATH): it has no Alembic\n");
    let error = discovery.into_python().unwrap_err();
    assert_eq!(error.to_string(), "no Python with Alembic was found");
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.starts_with("these were tried:\n  `/"), "{help}");
    assert!(
        help.ends_with("activate its environment, or name its python: `--python PATH`"),
        "{help}"
    );
}

#[test]
fn each_place_in_its_turn() {
    let mut tree = Tree::new();
    tree.program("usr/bin/python3");
    tree.alembic("usr/lib/python3.11/site-packages", "1.7.7");
    assert_eq!(tree.told(), "`usr/bin/python3` (PATH): taken\n");

    tree.program("conda/bin/python");
    tree.file("conda/lib/python3.12/os.py", "");
    tree.alembic("conda/lib/python3.12/site-packages", "1.8.0");
    tree.set("CONDA_PREFIX", tree.path("conda"));
    assert_eq!(tree.told(), "`conda/bin/python` (CONDA_PREFIX): taken\n");

    tree.script("usr/bin/uv", "#!/bin/sh\n");
    tree.file("home/dev/shop/uv.lock", "[[package]]\nname = \"alembic\"\nversion = \"1.20.1\"\n");
    assert_eq!(tree.told(), "`uv run python` (uv): taken\n");

    tree.venv_with_alembic("home/dev/shop/env");
    assert_eq!(tree.told(), "`home/dev/shop/env/bin/python` (the project's environment): taken\n");
    tree.venv_with_alembic("home/dev/shop/venv");
    assert_eq!(tree.told(), "`home/dev/shop/venv/bin/python` (the project's environment): taken\n");
    tree.venv_with_alembic("home/dev/shop/.venv");
    assert_eq!(
        tree.told(),
        "`home/dev/shop/.venv/bin/python` (the project's environment): taken\n"
    );

    tree.venv_with_alembic("active");
    tree.set("VIRTUAL_ENV", tree.path("active"));
    assert_eq!(tree.told(), "`active/bin/python` (VIRTUAL_ENV): taken\n");

    tree.venv_with_alembic("home/dev/shop/configured");
    tree.configure("configured/bin/python", "home/dev/shop/pyproject.toml");
    let told = tree.told();
    let expected = "`home/dev/shop/configured/bin/python` ([tool.alembic-rs] python in home/dev/shop/pyproject.toml): taken\n";
    assert_eq!(told, expected);

    tree.venv_with_alembic("variable");
    tree.set("ALEMBIC_RS_PYTHON", tree.path("variable/bin/python"));
    assert_eq!(tree.told(), "`variable/bin/python` (ALEMBIC_RS_PYTHON): taken\n");

    tree.venv_with_alembic("named");
    tree.name_python("../../../named");
    assert!(tree.told().ends_with("/named/bin/python` (--python): taken\n"), "{}", tree.told());
}

#[test]
fn a_named_python_is_taken_or_an_error() {
    let cases: &[(&str, &str)] = &[
        ("missing/bin/python", "there is no such file"),
        ("python9", "it is not on PATH"),
        ("empty", "there is no interpreter in it"),
        ("plain/python", "it is not executable"),
        ("text/python", "it is no Python"),
        ("bin/ls", "it is no Python"),
        ("windows/Scripts/python.exe", "it was made for Windows"),
        ("lonely/python3", "Python's own library is not beside it"),
        ("bare", "it has no Alembic"),
    ];
    for (value, reason) in cases {
        let mut tree = Tree::new();
        tree.dir("home/dev/shop/empty");
        tree.file("home/dev/shop/plain/python", b"\x7fELF");
        tree.script("home/dev/shop/text/python", "hello\n");
        tree.program("home/dev/shop/bin/ls");
        tree.script("home/dev/shop/windows/Scripts/python.exe", "MZ");
        tree.program("home/dev/shop/lonely/python3");
        tree.venv("home/dev/shop/bare");
        tree.venv_with_alembic("home/dev/shop/.venv");
        tree.name_python(*value);
        let discovery = tree.discover();
        assert_eq!(discovery.candidates.len(), 1, "{value}");
        let refusal = discovery.candidates[0].refusal().unwrap();
        assert_eq!(&refusal.to_string(), reason, "{value}");
        let error = discovery.into_python().unwrap_err().to_string();
        assert!(error.starts_with("cannot use `") && error.contains("(--python): "), "{error}");
    }
}

#[test]
fn a_named_python_may_stand_on_path_or_be_a_script() {
    let mut tree = Tree::new();
    tree.program("usr/bin/python3");
    tree.alembic("usr/lib/python3.11/site-packages", "1.7.7");
    tree.name_python("python3");
    assert_eq!(tree.told(), "`usr/bin/python3` (--python): taken\n");

    tree.script("home/dev/shop/tools/python", "#!/bin/sh\nexec docker run …\n");
    tree.name_python("tools/python");
    let python = tree.discover().into_python().unwrap();
    assert!(!python.is_known() && python.alembic.is_none());
    // The same script, when nobody named it.
    let mut tree = Tree::new();
    tree.script("home/dev/shop/.venv/bin/python", "#!/bin/sh\n");
    tree.set("PATH", "");
    let expected = "`home/dev/shop/.venv/bin/python` (the project's environment): it is a script, and what is behind it cannot be told without running it\n";
    assert_eq!(tree.told(), expected);
}

#[test]
fn environments_above_the_configuration_count_up_to_the_repository() {
    let tree = Tree::new();
    tree.dir("home/dev/shop/backend/db");
    tree.venv_with_alembic("home/dev/.venv");
    let from_below = || tree.tell(&tree.discover_in("home/dev/shop/backend/db"));
    assert_eq!(from_below(), "");
    tree.venv("home/dev/shop/.venv");
    assert_eq!(
        from_below(),
        "`home/dev/shop/.venv/bin/python` (the project's environment): it has no Alembic\n"
    );
    tree.venv_with_alembic("home/dev/shop/backend/venv");
    assert_eq!(
        from_below(),
        "`home/dev/shop/backend/venv/bin/python` (the project's environment): taken\n"
    );
}

#[test]
#[cfg(unix)]
fn without_a_repository_folders_that_anybody_may_write_to_are_the_end() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = Tree::new();
    tree.dir("open/mine/project");
    tree.venv_with_alembic("open/.venv");
    let told = || tree.tell(&tree.discover_in("open/mine/project"));
    assert_eq!(told(), "`open/.venv/bin/python` (the project's environment): taken\n");
    let everybody = std::fs::Permissions::from_mode(0o1777);
    fs_err::set_permissions(tree.path("open"), everybody).unwrap();
    assert_eq!(told(), "");
    tree.venv_with_alembic("open/mine/.venv");
    assert_eq!(told(), "`open/mine/.venv/bin/python` (the project's environment): taken\n");
}

#[test]
#[cfg(unix)]
fn an_environment_whose_base_is_gone() {
    let tree = Tree::new();
    tree.venv_with_alembic("home/dev/shop/.venv");
    tree.file("home/dev/shop/.venv/pyvenv.cfg", "home = /nowhere/bin\nversion = 3.11\n");
    tree.venv_with_alembic("home/dev/shop/venv");
    let link = tree.path("home/dev/shop/venv/bin/python");
    fs_err::remove_file(&link).unwrap();
    fs_err::os::unix::fs::symlink("/nowhere/bin/python3.12", &link).unwrap();
    let expected = "\
`home/dev/shop/.venv/bin/python` (the project's environment): the Python that it was made with is gone: `/nowhere/bin`
`home/dev/shop/venv/bin/python` (the project's environment): the Python that it was made with is gone: `/nowhere/bin/python3.12`
";
    assert_eq!(tree.told(), expected);
}

#[test]
fn a_broken_pyvenv_cfg_is_no_obstacle_to_a_sound_environment() {
    for text in ["", "home\nversion = ?\n", "\u{0}\u{1}"] {
        let tree = Tree::new();
        tree.venv_with_alembic("home/dev/shop/.venv");
        tree.file("home/dev/shop/.venv/pyvenv.cfg", text);
        let python = tree.discover().into_python().unwrap();
        assert_eq!(python.alembic.unwrap().version.unwrap().as_str(), "1.20.1", "{text:?}");
    }
}

#[test]
fn where_alembic_may_be_installed() {
    type Install = fn(&mut Tree);
    let cases: &[(&str, Install)] = &[
        ("PYTHONPATH", |tree| {
            tree.alembic("extra", "1.2.3");
            tree.set("PYTHONPATH", tree.path("extra"));
        }),
        ("a .pth file", |tree| {
            tree.alembic("extra", "1.2.3");
            let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
            tree.file(
                &format!("{site}/more.pth"),
                format!("# more\n{}\n", tree.path("extra").display()),
            );
        }),
        ("an editable install", |tree| {
            tree.file("checkout/alembic/__init__.py", "from . import op\n__version__ = '1.2.3'\n");
            let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
            tree.file(
                &format!("{site}/__editable__.alembic.pth"),
                "import __editable___alembic_finder; x()\n",
            );
            let mapping =
                format!("MAPPING = {{'alembic': '{}'}}\n", tree.path("checkout/alembic").display());
            tree.file(&format!("{site}/__editable___alembic_finder.py"), mapping);
        }),
        ("the system's packages", |tree| {
            tree.file(
                "home/dev/shop/.venv/pyvenv.cfg",
                format!(
                    "home = {}\nversion = 3.11\ninclude-system-site-packages = true\n",
                    tree.path("usr/bin").display()
                ),
            );
            tree.alembic("usr/lib/python3/dist-packages", "1.2.3");
        }),
        ("the user's packages", |tree| {
            tree.file(
                "home/dev/shop/.venv/pyvenv.cfg",
                format!(
                    "home = {}\nversion = 3.11\ninclude-system-site-packages = true\n",
                    tree.path("usr/bin").display()
                ),
            );
            tree.set("PYTHONUSERBASE", tree.path("base"));
            tree.alembic("base/lib/python3.11/site-packages", "1.2.3");
        }),
        ("an egg", |tree| {
            let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
            tree.file(&format!("{site}/alembic/__init__.py"), "");
            tree.file(
                &format!("{site}/alembic-1.2.3-py3.11.egg-info"),
                "Name: alembic\nVersion: 1.2.3\n",
            );
        }),
        ("two versions of metadata", |tree| {
            let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
            tree.alembic(site, "1.0.0");
            tree.alembic(site, "1.1.0");
            tree.file(&format!("{site}/alembic/__init__.py"), "__version__ = \"1.2.3\"\n");
        }),
    ];
    for (name, install) in cases {
        let mut tree = Tree::new();
        tree.venv("home/dev/shop/.venv");
        tree.set("PATH", "");
        assert!(tree.discover().python().is_none(), "{name}");
        install(&mut tree);
        let python = tree.discover().into_python().unwrap_or_else(|_| panic!("{name}"));
        assert_eq!(python.alembic.unwrap().version.unwrap().as_str(), "1.2.3", "{name}");
    }
}

#[test]
fn where_alembic_is_not() {
    let tree = Tree::new();
    tree.venv("home/dev/shop/.venv");
    // Another version's packages, metadata without a package, a package of another name, a folder that is no package.
    tree.alembic("home/dev/shop/.venv/lib/python3.9/site-packages", "1.0");
    let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
    tree.file(&format!("{site}/alembic-1.20.dist-info/METADATA"), "Version: 1.20\n");
    tree.file(&format!("{site}/alembic_utils/__init__.py"), "");
    tree.file(&format!("{site}/alembic/env.py"), "");
    assert!(tree.told().contains("it has no Alembic"));
}

#[test]
fn debians_python_does_not_look_into_site_packages() {
    let tree = Tree::new();
    tree.program("usr/bin/python3");
    tree.dir("usr/lib/python3/dist-packages");
    tree.alembic("usr/lib/python3.11/site-packages", "1.0");
    assert!(tree.told().contains("it has no Alembic"));
    tree.alembic("usr/local/lib/python3.11/dist-packages", "1.1");
    assert!(tree.told().contains("taken"));
}

#[test]
fn shims_of_pyenv() {
    let mut tree = Tree::new();
    let shim = "#!/usr/bin/env bash\nexec \"/pyenv/libexec/pyenv\" exec \"$program\" \"$@\"\n";
    tree.script("pyenv/shims/python3", shim);
    tree.set(
        "PATH",
        std::env::join_paths([tree.path("pyenv/shims"), tree.path("usr/bin")]).unwrap(),
    );
    for patch in ["3.11.7", "3.11.10", "3.12.1"] {
        let minor = &patch[..4];
        tree.program(&format!("pyenv/versions/{patch}/bin/python3"));
        tree.file(&format!("pyenv/versions/{patch}/lib/python{minor}/os.py"), "");
        tree.alembic(&format!("pyenv/versions/{patch}/lib/python{minor}/site-packages"), "1.20.1");
    }
    // No version is chosen: what stands behind the shim counts.
    tree.program("usr/bin/python3");
    assert_eq!(tree.told(), "`usr/bin/python3` (PATH): it has no Alembic\n");
    tree.file("pyenv/version", "3.12.1\n");
    assert_eq!(tree.told(), "`pyenv/versions/3.12.1/bin/python3` (PATH): taken\n");
    let program = |tree: &Tree| tree.discover().into_python().unwrap().program;
    assert_eq!(program(&tree), [tree.path("pyenv/versions/3.12.1/bin/python3")]);
    tree.file("home/dev/shop/.python-version", "3.11\n");
    assert_eq!(program(&tree), [tree.path("pyenv/versions/3.11.10/bin/python3")]);
    tree.set("PYENV_VERSION", "3.11.7");
    assert_eq!(program(&tree), [tree.path("pyenv/versions/3.11.7/bin/python3")]);
    tree.set("PYENV_VERSION", "../../etc");
    assert_eq!(tree.told(), "`usr/bin/python3` (PATH): it has no Alembic\n");
}

#[test]
fn tools_and_the_environments_that_they_keep() {
    let mut tree = Tree::new();
    tree.file("home/dev/shop/uv.lock", "name = \"alembic\"\n");
    assert_eq!(tree.told(), "`uv run python` (uv): `uv` is not on PATH\n");
    tree.script("usr/bin/uv", "#!/bin/sh\n");
    tree.file("home/dev/shop/uv.lock", "name = \"alembic-utils\"\n");
    assert_eq!(
        tree.told(),
        "`uv run python` (uv): `home/dev/shop/uv.lock` does not have Alembic\n"
    );
    tree.set("UV_PROJECT_ENVIRONMENT", "build/env");
    tree.venv_with_alembic("home/dev/shop/build/env");
    assert_eq!(tree.told(), "`home/dev/shop/build/env/bin/python` (uv): taken\n");

    let tree = Tree::new();
    tree.script("usr/bin/pdm", "#!/bin/sh\n");
    tree.file("home/dev/shop/pdm.lock", "name = \"alembic\"\n");
    assert_eq!(tree.told(), "`pdm run python` (pdm): taken\n");
    tree.venv_with_alembic("kept");
    tree.file("home/dev/shop/.pdm-python", format!("{}\n", tree.path("kept/bin/python").display()));
    assert_eq!(tree.told(), "`kept/bin/python` (pdm): taken\n");

    let mut tree = Tree::new();
    tree.set("PIPENV_CUSTOM_VENV_NAME", "mine");
    tree.set("WORKON_HOME", tree.path("envs"));
    tree.file("home/dev/shop/Pipfile", "[packages]\nalembic = \"*\"\n");
    assert_eq!(tree.told(), "`pipenv run python` (pipenv): `pipenv` is not on PATH\n");
    tree.venv_with_alembic("envs/mine");
    assert_eq!(tree.told(), "`envs/mine/bin/python` (pipenv): taken\n");
}

#[test]
fn a_tool_is_told_where_its_project_is() {
    let tree = Tree::new();
    for (tool, lock) in [("uv", "uv.lock"), ("poetry", "poetry.lock"), ("pdm", "pdm.lock")] {
        tree.script(&format!("usr/bin/{tool}"), "#!/bin/sh\n");
        tree.file(&format!("home/dev/shop/{lock}"), "name = \"alembic\"\n");
        let lookup = |name: &str| match name {
            "PATH" => Some(tree.path("usr/bin").into()),
            _ => None,
        };
        let discovery = alembic_runtime::python::discover(&alembic_runtime::python::Inputs {
            python: None,
            configured: None,
            folder: tree.project(),
            cwd: tree.path("home"),
            lookup: &lookup,
        });
        let told = tree.tell(&discovery);
        let expected = match tool {
            "pdm" => format!("`pdm run --project {SHOP} python` (pdm): taken\n"),
            tool => format!("`{tool} --project {SHOP} run python` ({tool}): taken\n"),
        };
        assert_eq!(told, expected);
        fs_err::remove_file(tree.path(&format!("home/dev/shop/{lock}"))).unwrap();
    }
}

#[test]
fn nothing_on_the_way_is_followed_for_ever() {
    let tree = Tree::new();
    tree.venv("home/dev/shop/.venv");
    let site = "home/dev/shop/.venv/lib/python3.11/site-packages";
    // A `.pth` file that names its own folder, one that is a folder, a long one.
    tree.file(&format!("{site}/self.pth"), ".\n./\n../site-packages\n");
    tree.dir(&format!("{site}/folder.pth"));
    tree.file(&format!("{site}/long.pth"), "x\n".repeat(20_000));
    assert!(tree.told().contains("it has no Alembic"));
}
