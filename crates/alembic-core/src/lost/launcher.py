"""Alembic as `python -m alembic` runs it, with version locations beside those of the configuration: the folders
`versions*` that lie where this file lies. The configuration itself stays the project's own, path and all."""
import glob
import os
import sys

here = os.path.dirname(os.path.realpath(__file__))
# Python has put this folder in front. The current one, which `-m` would put there, must hide no module of Alembic's.
if sys.path and os.path.realpath(sys.path[0]) == here:
    del sys.path[0]
sys.path.append(os.getcwd())

from alembic.config import main
from alembic.script import ScriptDirectory

as_made = ScriptDirectory.__init__


def init(self, *args, **options):
    as_made(self, *args, **options)
    own = [str(folder) for folder in self._version_locations]
    # It is worked out once, from the attribute that is set below.
    self.__dict__.pop("_version_locations", None)
    more = sorted(glob.glob(os.path.join(glob.escape(here), "versions*")))
    self.version_locations = own + more


ScriptDirectory.__init__ = init
main(prog="alembic")
