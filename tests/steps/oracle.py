"""Plans commands with Alembic's own ScriptDirectory, MigrationContext and HeadMaintainer.

Standard input is a JSON list of projects with questions, standard output a JSON list of what Alembic says; `main.rs` has the
form of both. No database and no script is there: the context answers with the rows that it was given, and what would be SQL
is written down. Alembic's sets keep their order here, which is one of those that a set of Python may take.
"""

import json
import signal
import sys
import types
import warnings

from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.util import OrderedSet

from alembic import command, util
from alembic.runtime import migration
from alembic.script import base, revision

migration.set = OrderedSet

SECONDS = 5
"""How long an answer may take: on some rings Alembic never ends."""


class Endless(BaseException):
    """The time is up."""


def give_up(signal_number, frame):
    raise Endless


class RevisionMap(revision.RevisionMap):
    def _normalize_depends_on(self, revisions, map_):
        super()._normalize_depends_on(revisions, map_)
        for script in revisions:
            kept = script._normalized_resolved_dependencies
            in_order = dict.fromkeys(script._resolved_dependencies)
            script._normalized_resolved_dependencies = tuple(name for name in in_order if name in kept)


class Module:
    """What a migration script would be."""

    def upgrade(**kw):
        pass

    def downgrade(**kw):
        pass


class Script(revision.Revision):
    module = Module
    doc = "doc"


class Impl:
    """Writes down each statement as the change of a row."""

    def __init__(self):
        self.changes = []

    def _exec(self, statement):
        text = str(statement.compile(compile_kwargs={"literal_binds": True}))
        values = text.split("'")[1::2]
        self.changes.append([text.split()[0].lower(), *values])


class Context(migration.MigrationContext):
    """A context with rows instead of a database."""

    dialect = types.SimpleNamespace(supports_sane_rowcount=False)

    def __init__(self, script, rows, starting_rev, as_sql):
        self.script, self.rows = script, rows
        self._start_from_rev, self.as_sql = starting_rev, as_sql
        self.impl = Impl()
        self._version = Table("alembic_version", MetaData(), Column("version_num", String(32)))

    def get_current_heads(self):
        return super().get_current_heads() if self.as_sql else tuple(self.rows)


class Environment:
    """In the place of EnvironmentContext: runs the steps as MigrationContext.run_migrations does."""

    def __init__(self, config, script, fn, as_sql, starting_rev=None, **kw):
        self.script, self.fn = script, fn
        self.context = Context(script, config.rows, starting_rev, as_sql)
        script.run_env = self.run

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def run(self):
        context, said = self.context, []
        heads = context.get_current_heads()
        maintainer = migration.HeadMaintainer(context, heads)
        for step in self.fn(heads, context):
            context.impl.changes = []
            from_nothing = not maintainer.heads
            maintainer.update_to_step(step)
            said.append(
                {
                    "log": str(step),
                    "revision": step.revision.revision if isinstance(step, migration.RevisionStep) else None,
                    "changes": context.impl.changes,
                    "from_nothing": from_nothing,
                }
            )
        self.script.said = {"steps": said, "heads": sorted(maintainer.heads)}


class Config:
    def __init__(self, rows):
        self.rows = rows


command.EnvironmentContext = Environment


def main():
    signal.signal(signal.SIGALRM, give_up)
    json.dump([answers(**asked) for asked in json.load(sys.stdin)], sys.stdout)


def answers(revisions, questions):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        script = link(revisions)
    return [ask(script, **question) for question in questions]


def link(revisions):
    def make(id, down, depends_on, labels):
        return Script(id, script_value(down), script_value(depends_on), tuple(labels) or None)

    made = [make(**revision) for revision in revisions]
    directory = base.ScriptDirectory.__new__(base.ScriptDirectory)
    directory.revision_map = RevisionMap(lambda: made)
    directory.revision_map._revision_map
    return directory


def script_value(items):
    """As scripts write them: None, one string, a tuple."""
    return None if not items else items[0] if len(items) == 1 else tuple(items)


def ask(script, kind, rows, targets, sql):
    command.ScriptDirectory = types.SimpleNamespace(from_config=lambda config: script)
    run = getattr(command, kind)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            run(Config(rows), targets if kind == "stamp" else targets[0], sql=sql)
            said = script.said
        except Endless:
            said = {"exception": "endless"}
        except util.CommandError as error:
            said = {"refused": sentence(str(error))}
        except Exception as error:
            said = {"exception": f"{type(error).__name__}: {error}"}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return said | {"warnings": [str(warning.message) for warning in caught]}


def sentence(text):
    """Without what a set may tell in another order."""
    return "overlap" if " overlaps with other requested revisions " in text else text


if __name__ == "__main__":
    main()
