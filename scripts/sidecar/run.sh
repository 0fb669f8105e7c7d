#!/usr/bin/env bash
# The services of docker-compose.example.yml without an engine: a PostgreSQL under the name that the file gives it, and
# the sidecar's image beside it, in a network that has only the two.
#
#   unshare --net scripts/sidecar/run.sh ROOT IMAGE
#
# ROOT is the image's file system, IMAGE what `buildah inspect` says about it.
set -euo pipefail
root=$1 image=$2
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
ip link set lo up

postgres=$(find /usr/lib/postgresql -name initdb -path '*/bin/*' | sort -V | tail -1)
[[ -n $postgres ]] || { echo "PostgreSQL's server programs are missing: apt-get install postgresql" >&2; exit 2; }
postgres=${postgres%/initdb}
server=$(mktemp -d)
as_postgres() { (cd "$server" && runuser -u postgres -- env LC_ALL=C.UTF-8 "$@"); }
finish() {
    as_postgres "$postgres/pg_ctl" -D "$server/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$server"
}
trap finish EXIT

echo "==> PostgreSQL"
chown postgres "$server"
PGPASSWORD=$(openssl rand -hex 12)
(umask 077 && printf %s "$PGPASSWORD" >"$server/password")
chown postgres "$server/password"
as_postgres "$postgres/initdb" -D "$server/data" -U shop -A scram-sha-256 --pwfile "$server/password" --no-sync >/dev/null
as_postgres "$postgres/pg_ctl" -D "$server/data" -l "$server/log" -w \
    -o "-p 5432 -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off" start >/dev/null
export PGPASSWORD PGHOST=127.0.0.1 PGUSER=shop
psql -q -d postgres -c 'CREATE DATABASE shop'

cp -a "$here/../../fixtures/petshop" "$server/project"
cp "$here/slow_migration.py" "$server/project/migrations/versions/"
chmod -R a+rX "$server/project"
chmod 711 "$server"
before=$(cd "$server/project" && find . -printf '%p %s %T@\n' | sort | sha256sum)
python3 -B "$here/proof.py" "$root" "$image" "$server/project"
after=$(cd "$server/project" && find . -printf '%p %s %T@\n' | sort | sha256sum)
[[ $before == "$after" ]] || { echo "something was written into the project" >&2; exit 1; }
