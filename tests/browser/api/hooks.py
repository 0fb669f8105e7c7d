"""What `fields.mjs` adds to schemathesis: names that exist, SQL that must not run, and what a refusal is.

Random names end at the first look into the catalogue. With real ones the fuzzed values get as far as the SQL.
"""

import atexit
import collections
import json
import os
import random
import re

import schemathesis

#: The tables of the project with their columns.
TABLES = json.loads(os.environ.get("ALEMBIC_RS_TEST_TABLES", "{}"))

#: Statements to put in the place of some of the random ones.
STATEMENTS = json.loads(os.environ.get("ALEMBIC_RS_TEST_STATEMENTS", "[]"))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts real names into three of four requests, the same ones in every run."""
    said = json.dumps([case.body, case.path_parameters], default=repr, sort_keys=True)
    choice = random.Random(said)
    case.body = unconfirmed(case.body)
    if not TABLES or choice.random() < 0.25:
        return
    table = choice.choice(sorted(TABLES))
    if isinstance(case.body, (dict, list)):
        case.body = named(case.body, table, choice)
    if isinstance(case.path_parameters, dict) and {"schema", "name"} <= case.path_parameters.keys():
        case.path_parameters.update(schema="public", name=table)


def unconfirmed(body):
    """The same without a confirmation that an earlier answer gave away, which schemathesis likes to try again."""
    if isinstance(body, dict) and re.fullmatch("[0-9a-f]{40}", str(body.get("confirm"))):
        return {**body, "confirm": body["confirm"][::-1]}
    return body


def named(value, table, choice):
    """The same with names of `table` where names stand."""
    if isinstance(value, list):
        return [named(each, table, choice) for each in value]
    if not isinstance(value, dict):
        return value
    if {"schema", "name"} <= value.keys():
        return {**value, "schema": "public", "name": table}
    columns = TABLES[table]
    changed = {key: named(each, table, choice) for key, each in value.items()}
    if isinstance(changed.get("column"), str):
        changed["column"] = choice.choice(columns)
    if isinstance(changed.get("columns"), list):
        changed["columns"] = choice.sample(columns, min(len(columns), len(changed["columns"])))
    if isinstance(changed.get("sql"), str) and STATEMENTS and choice.random() < 0.7:
        changed["sql"] = choice.choice(STATEMENTS)
    return changed


#: How often each status was answered.
answered = collections.Counter()


@schemathesis.hook
def after_call(context, case, response):
    answered[str(response.status_code)] += 1


@atexit.register
def report():
    if path := os.environ.get("ALEMBIC_RS_TEST_ANSWERS"):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(answered, file)


@schemathesis.check
def refused_without_session(context, response, case):
    """Nobody learns anything; where a session begins, nobody gets one."""
    begins = case.method == "POST" and case.path == "/api/session"
    allowed = {400, 401, 403, 413, 415, 422, 429} if begins else {401, 403}
    assert response.status_code in allowed, f"{response.status_code} without a session"
