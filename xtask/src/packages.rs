//! What other people install: crates as cargo packages them, the wheel, the hook of pre-commit.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    python::Venv,
    repository, rust,
};

/// A crate as it is packaged: its name and where its `.crate` file was unpacked.
#[derive(Debug)]
pub(crate) struct Package {
    name: String,
    folder: PathBuf,
}

/// Packages every crate that is published, unpacks them, and checks each as its package has it.
///
/// Cargo's own verification is passed over: it unpacks the packages into the user's cargo home, under a name made of this
/// tree's path, and never again once they are there. A second run at the same path would check the crates of the first.
pub(crate) fn package() -> Result<Vec<Package>> {
    let metadata = rust::metadata()?;
    let published = published(&metadata);
    let mut package = command::cargo();
    // A tree with changes is packaged as it is.
    package.args(["package", "--quiet", "--allow-dirty", "--no-verify"]);
    for (name, _) in &published {
        package.args(["--package", name]);
    }
    command::run(&mut package)?;
    let target = rust::target_folder()?.join("package");
    let unpacked = target.join("unpacked");
    if unpacked.exists() {
        fs_err::remove_dir_all(&unpacked)?;
    }
    fs_err::create_dir_all(&unpacked)?;
    let unpack = |(name, version): (_, String)| unpack(&target, &unpacked, name, &version);
    let packages: Vec<Package> = published.into_iter().map(unpack).collect::<Result<_>>()?;
    verify(&unpacked, &packages)?;
    Ok(packages)
}

/// Checks each package for itself, with its default features, in a workspace that holds nothing but packages.
fn verify(folder: &Path, packages: &[Package]) -> Result {
    let manifest = folder.join("Cargo.toml");
    fs_err::write(
        &manifest,
        patched("[workspace]\nresolver = \"3\"\nmembers = [\"*-*\"]\n", packages),
    )?;
    // The versions that we test with.
    fs_err::copy(repository::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    for package in packages {
        let mut check = command::cargo();
        check.args(["check", "--quiet", "--package", &package.name]);
        check.arg("--manifest-path").arg(&manifest);
        check.arg("--target-dir").arg(rust::target_folder()?);
        command::run(&mut check)?;
    }
    Ok(())
}

/// Names and versions of the packages that may be published, as `cargo metadata` has them.
fn published(metadata: &Value) -> Vec<(String, String)> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    // `publish = false` is an empty list of registries.
    let is_published =
        |package: &&Value| package["publish"].as_array().is_none_or(|list| !list.is_empty());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    packages
        .iter()
        .filter(is_published)
        .map(|package| (text(&package["name"]), text(&package["version"])))
        .collect()
}

fn unpack(target: &Path, unpacked: &Path, name: String, version: &str) -> Result<Package> {
    let folder = unpacked.join(format!("{name}-{version}"));
    let archive = target.join(format!("{name}-{version}.crate"));
    command::run(command::program("tar").arg("xzf").arg(archive).arg("-C").arg(unpacked))?;
    Ok(Package { name, folder })
}

/// Builds `tests/consumer` outside the workspace against the packages, and runs it on the pet shop.
pub(crate) fn consumer(packages: &[Package]) -> Result {
    let folder = rust::target_folder()?.join("package/consumer");
    let source = repository::root().join("tests/consumer");
    fs_err::create_dir_all(folder.join("src"))?;
    fs_err::copy(source.join("src/main.rs"), folder.join("src/main.rs"))?;
    let manifest = fs_err::read_to_string(source.join("Cargo.toml"))?;
    fs_err::write(folder.join("Cargo.toml"), patched(&manifest, packages))?;
    // The versions that we test with.
    fs_err::copy(repository::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut run = command::cargo();
    run.args(["run", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    run.arg("--target-dir").arg(rust::target_folder()?);
    run.arg("--").arg(repository::root().join("fixtures/petshop"));
    let answer = command::capture(&mut run)?;
    let expected = "head 873addc1221e\ndrawing true\nstate unstamped\n";
    if answer == expected {
        return Ok(());
    }
    Err(Failure::new(format!("the consumer said {answer:?}, expected was {expected:?}")))
}

/// The manifest with our packages in the place of crates.io's.
fn patched(manifest: &str, packages: &[Package]) -> String {
    let patches = packages.iter().map(|package| {
        format!("{} = {{ path = {:?} }}\n", package.name, package.folder.display().to_string())
    });
    format!("{manifest}\n[patch.crates-io]\n{}", patches.collect::<String>())
}

/// Builds the wheel, installs it into a new environment and runs what it brings.
pub(crate) fn wheel(cache: &Cache, tools: &Venv) -> Result {
    let folder = rust::target_folder()?.join("wheels");
    if folder.exists() {
        fs_err::remove_dir_all(&folder)?;
    }
    let mut build = command::program(tools.program("maturin"));
    // The debug build that tests have made already; the release workflow makes the real one.
    build.args(["build", "--quiet", "--profile", "dev", "--locked", "--out"]).arg(&folder);
    command::run(&mut build)?;
    let wheel = repository::files_below(&folder, ".whl").pop();
    let wheel = wheel.ok_or_else(|| Failure::new("maturin left no wheel"))?;
    let _lock = cache.lock("venv-wheel")?;
    let venv = cache.path("venv-wheel");
    let mut make = command::program(tools.python());
    command::run(make.args(["-m", "venv", "--clear"]).arg(&venv))?;
    let pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-index"];
    command::run(command::program(venv.join("bin/python")).args(pip).arg(&wheel))?;
    let version = command::capture(command::program(venv.join("bin/alembic-rs")).arg("--version"))?;
    let size = fs_err::metadata(&wheel)?.len();
    eprintln!("    {} ({size} bytes, debug): {}", wheel.display(), version.trim());
    fs_err::remove_dir_all(&venv)?;
    if version.starts_with("alembic-rs ") {
        return Ok(());
    }
    Err(Failure::new(format!("the installed program said {version:?}")))
}

/// Runs the hook as pre-commit does, in a repository of one project: it passes, then fails when there are two heads.
pub(crate) fn hook(tools: &Venv) -> Result {
    let root = repository::root();
    let pre_commit = tools.program("pre-commit");
    command::run(
        command::program(&pre_commit)
            .arg("validate-manifest")
            .arg(root.join(".pre-commit-hooks.yaml")),
    )?;
    let program = rust::debug_program()?;
    let folder = rust::target_folder()?.join("hook");
    if folder.exists() {
        fs_err::remove_dir_all(&folder)?;
    }
    lay_out(&folder)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bin = program.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(bin).map_err(|error| Failure::new(error.to_string()))?;
    let run = || {
        let mut hook = command::program(&pre_commit);
        hook.current_dir(&folder).env("PATH", &path).env("PRE_COMMIT_HOME", folder.join(".cache"));
        // Git's own variables would lead it to our repository.
        hook.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
        hook.args(["try-repo"]).arg(&root).args(["alembic-heads-system", "--all-files"]);
        command::output(&mut hook)
    };
    let sound = run()?;
    if !sound.status.success() {
        let said = String::from_utf8_lossy(&sound.stdout).into_owned();
        return Err(Failure::new(format!("the hook fails on a sound project: {said}")));
    }
    let second = "\"\"\"x\"\"\"\nrevision = 'b2c3d4e5f607'\ndown_revision = '8b2c90c0a942'\n";
    fs_err::write(folder.join("migrations/versions/second_head.py"), second)?;
    git(&folder, &["add", "--all"])?;
    let broken = run()?;
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    if broken.status.success() || !said.contains("2 heads, expected 1") {
        return Err(Failure::new(format!("the hook does not find a second head: {said}")));
    }
    Ok(())
}

/// The pet shop in a repository of its own.
fn lay_out(folder: &Path) -> Result {
    let petshop = repository::root().join("fixtures/petshop");
    fs_err::create_dir_all(folder)?;
    let mut copy = command::program("cp");
    command::run(
        copy.arg("-R").arg(petshop.join("alembic.ini")).arg(petshop.join("migrations")).arg(folder),
    )?;
    git(folder, &["init", "--quiet"])?;
    git(folder, &["add", "--all"])
}

fn git(folder: &Path, arguments: &[&str]) -> Result {
    let mut git = command::program("git");
    command::run(git.arg("-C").arg(folder).args(arguments))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::{Package, patched, published};

    #[test]
    fn what_is_published() {
        let metadata = json!({"packages": [
            {"name": "a", "version": "1.0.0", "publish": null},
            {"name": "b", "version": "1.0.0", "publish": []},
        ]});
        assert_eq!(published(&metadata), [("a".to_owned(), "1.0.0".to_owned())]);
    }

    #[test]
    fn our_packages_take_the_place_of_the_registry() {
        let packages = [Package { name: "a".to_owned(), folder: PathBuf::from("/t/a-1") }];
        assert_eq!(
            patched("[x]\n", &packages),
            "[x]\n\n[patch.crates-io]\na = { path = \"/t/a-1\" }\n"
        );
    }
}
