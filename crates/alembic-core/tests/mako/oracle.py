"""Renders templates with real Mako.

Standard input: a JSON list of {"template": text, "names": {...}, "moment": [...], "config": path or null}.
Standard output: a JSON list of {"text": ...} or {"error": ...}.
"""

import datetime
import json
import sys

from alembic.config import Config
from alembic.util import format_as_comma
from mako.template import Template


def value(given):
    if isinstance(given, dict):
        return tuple(given["tuple"])
    return given


def render(case):
    names = {name: value(given) for name, given in case["names"].items()}
    *fields, minutes = case["moment"]
    zone = None if minutes is None else datetime.timezone(datetime.timedelta(minutes=minutes))
    names["create_date"] = datetime.datetime(*fields, tzinfo=zone)
    names["comma"] = format_as_comma
    names["config"] = Config(case["config"])
    try:
        # As Alembic: from bytes, rendered to text.
        return {"text": Template(case["template"].encode("utf-8")).render_unicode(**names)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


json.dump([render(case) for case in json.load(sys.stdin)], sys.stdout)
