#!/usr/bin/env bash
# Builds both images of the Dockerfile without a container engine, weighs them, and proves the sidecar as the compose file
# starts it, against a real PostgreSQL: scripts/sidecar/ says what is proven and how.
#
# It needs root on Debian, network to Debian's and Python's packages, and some gigabytes. What is missing is installed:
# buildah, debootstrap. The base images that the Dockerfile names are made here, by debootstrap and from this machine's
# Rust; Debian's own are smaller, so the sizes that are printed are upper bounds.
#
#   scripts/sidecar-proof.sh            everything goes at the end
#   SIDECAR_PROOF_FOLDER=DIR …          bases and build are kept in DIR for the next time
#   SIDECAR_PROOF_PROGRAM=FILE …        a release build made on Debian 12 stands in for the stage that compiles
#   DEBIAN_MIRROR=URL …                 where debootstrap gets Debian; its own default when empty
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD

((EUID == 0)) || { echo "run it as root: debootstrap and chroot need it" >&2; exit 2; }
for program in buildah debootstrap; do
    command -v "$program" >/dev/null || apt-get install -qq --yes --no-install-recommends "$program"
done
if [[ -n ${SIDECAR_PROOF_FOLDER:-} ]]; then
    work=$(mkdir -p "$SIDECAR_PROOF_FOLDER" && realpath "$SIDECAR_PROOF_FOLDER")
else
    work=$(mktemp -d)
fi
chmod 755 "$work"
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
rust_image=docker.io/library/rust:1.95-bookworm
b() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
say() { printf '==> %s\n' "$*"; }

finish() {
    b rm --all >/dev/null 2>&1 || true
    [[ -n ${SIDECAR_PROOF_FOLDER:-} ]] || rm -rf "$work"
}
trap finish EXIT

# --- bases -----------------------------------------------------------------------------------------------------------

# Debian as its slim images are: without documentation and translations; packages come the way this machine gets them.
debian_base() {
    b inspect --type image docker.io/library/debian:bookworm-slim >/dev/null 2>&1 && return
    say "debian:bookworm-slim, by debootstrap"
    local root=$work/debian
    rm -rf "$root"
    debootstrap --variant=minbase bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$work/debootstrap.log"
    cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    printf 'path-exclude /usr/share/%s/*\n' doc man locale info >"$root/etc/dpkg/dpkg.cfg.d/slim"
    rm -rf "$root"/usr/share/{doc,man,locale,info}/* "$root"/var/{cache/apt,lib/apt/lists}/* "$root"/var/log/*
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        mkdir -p "$root/usr/local/share/ca-certificates"
        cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
        printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$root/etc/pip.conf"
    fi
    local container
    container=$(b from scratch)
    b add --quiet "$container" "$root" / >/dev/null
    b config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    b commit --quiet --rm "$container" docker.io/library/debian:bookworm-slim >/dev/null
    rm -rf "$root"
}

# This machine's Rust. One that another run made holds only when it has the same compiler.
rust_base() {
    if [[ -n ${SIDECAR_PROOF_PROGRAM:-} ]]; then
        program_base
        return
    fi
    cargo fetch --quiet --locked
    local rust container root sysroot
    rust=$(rustc --version)
    [[ $(b inspect --type image --format '{{index .Docker.Config.Labels "rust"}}' "$rust_image" 2>/dev/null) != "$rust" ]] || return 0
    say "rust:1.95-bookworm, from this machine's toolchain"
    container=$(b from --pull-never docker.io/library/debian:bookworm-slim)
    b run "$container" -- sh -c 'apt-get update -qq && apt-get install -qq --yes --no-install-recommends gcc libc6-dev' >"$work/apt.log"
    root=$(b mount "$container")
    sysroot=$(rustc --print sysroot)
    mkdir -p "$root/usr/local/rust"
    cp -a "$sysroot/bin" "$sysroot/lib" "$root/usr/local/rust/"
    b umount "$container" >/dev/null
    b config --env PATH=/usr/local/rust/bin:/usr/local/bin:/usr/bin:/bin --env CARGO_HOME=/usr/local/cargo \
        --env CARGO_NET_OFFLINE=true --label "rust=$rust" "$container"
    b commit --quiet --rm "$container" "$rust_image" >/dev/null
}

# In the place of Rust a `cargo` that has built everything already.
program_base() {
    say "$SIDECAR_PROOF_PROGRAM instead of a compiler"
    local container root
    container=$(b from --pull-never docker.io/library/debian:bookworm-slim)
    root=$(b mount "$container")
    install "$SIDECAR_PROOF_PROGRAM" "$root/alembic-rs"
    printf '#!/bin/sh\nmkdir -p target/release && cp /alembic-rs target/release/\n' >"$root/usr/local/bin/cargo"
    chmod +x "$root/usr/local/bin/cargo"
    b umount "$container" >/dev/null
    b config --label "rust=none: a program" "$container"
    b commit --quiet --rm "$container" "$rust_image" >/dev/null
}

# --- images ----------------------------------------------------------------------------------------------------------

# What this machine has fetched, so that the compiler needs no network.
crates=${CARGO_HOME:-$HOME/.cargo}/registry

build() {
    say "target $1"
    mkdir -p "$work/target" "$crates"
    # Docker's own format: OCI's has no HEALTHCHECK.
    b build --quiet --format docker --pull-never --layers \
        --volume "$work/target:/source/target" --volume "$crates:/usr/local/cargo/registry" \
        --build-arg "COMMIT=$(git rev-parse --short=9 HEAD 2>/dev/null || true)" \
        --target "$1" --tag "localhost/alembic-rs:$1" "$repository" >"$work/build-$1.log" 2>&1 \
        || { tail -30 "$work/build-$1.log" >&2; exit 1; }
}

# Bytes of an image as a registry would hold it.
compressed() {
    rm -rf "$work/oci"
    b push --quiet --compression-format gzip "localhost/alembic-rs:$1" "oci:$work/oci:x" >/dev/null 2>&1 \
        || b push --quiet "localhost/alembic-rs:$1" "oci:$work/oci:x" >/dev/null
    du -sb "$work/oci/blobs" | cut -f1
}

debian_base
rust_base
build binary
build sidecar
for image in binary:15000000 sidecar:100000000; do
    size=$(compressed "${image%:*}")
    say "${image%:*}: $size bytes compressed, ${image#*:} allowed"
    ((size <= ${image#*:})) || { echo "the image is too large" >&2; exit 1; }
done

# --- the sidecar -----------------------------------------------------------------------------------------------------

sidecar=$(b from --pull-never localhost/alembic-rs:sidecar)
binary=$(b from --pull-never localhost/alembic-rs:binary)
cmp "$(b mount "$binary")/alembic-rs" "$(b mount "$sidecar")/usr/local/bin/alembic-rs"
b inspect --type image localhost/alembic-rs:sidecar >"$work/sidecar.json"
# A network of its own, as a compose file makes one: nothing of this machine is in the way, and nothing else is reachable.
unshare --net "$repository/scripts/sidecar/run.sh" "$(b mount "$sidecar")" "$work/sidecar.json"
say "proven"
