"""What a container engine does for the sidecar of docker-compose.example.yml, as far as it can be done without one.

The image's own user, environment, entry point and health check; a root file system that cannot be written, a tmpfs at
/tmp, the project read-only, no capability and no way to new ones.
"""

import json
import subprocess

ENTER = """
root=$1 project=$2 hosts=$3 workdir=$4 user=$5; shift 5
# An engine makes the places of its mounts, in a read-only image too.
mkdir -p "$root/project" && touch "$root/etc/hosts"
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$project" "$root/project"
mount -o remount,bind,ro "$root/project"
mount --bind "$hosts" "$root/etc/hosts"
exec chroot "$root" /bin/sh -ec 'cd "$1"; user=$2; shift 2
exec setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs --bounding-set=-all \
    --inh-caps=-all -- "$@"' sh "$workdir" "$user" "$@"
"""


class Engine:
    """One image with its project, to be started as often as one likes."""

    def __init__(self, root, image, project, hosts):
        with open(image, encoding="utf-8") as file:
            self.config = json.load(file)["Docker"]["config"]
        user = self.config["User"]
        assert user.split(":")[0] not in ("", "0", "root"), f"the image's user is {user!r}"
        self.places = [root, project, hosts, self.config["WorkingDir"], user]

    def start(self, command=None, environment=(), **streams):
        """The image's entry point with its default arguments, or another command, in a container of its own."""
        command = command or self.config["Entrypoint"] + self.config["Cmd"]
        variables = dict(variable.split("=", 1) for variable in self.config["Env"])
        # `env` puts them in behind the engine's own programs, which must not see them.
        variables = [f"{name}={value}" for name, value in {**variables, **dict(environment)}.items()]
        enter = ["unshare", "--mount", "/bin/sh", "-ec", ENTER, "sh", *self.places]
        return subprocess.Popen([*enter, "env", "-i", *variables, *command], **streams)

    def healthy(self):
        """What the image's health check says."""
        kind, *command = self.config["Healthcheck"]["Test"]
        assert kind == "CMD", self.config["Healthcheck"]
        return self.start(command, stderr=subprocess.DEVNULL).wait(timeout=20) == 0
