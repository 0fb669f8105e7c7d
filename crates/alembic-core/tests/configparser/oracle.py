"""What Python's own configparser says about texts.

Reads a JSON list of texts from standard input; writes a JSON object: the version of Python, and for each text either
the error that reading it raises, or its sections with every option, raw and as `get` returns it (or fails to).
"""

import configparser
import io
import json
import pathlib
import sys

NAME = pathlib.Path("alembic.ini")


def error(exception):
    return {"class": type(exception).__name__, "message": str(exception)}


def option(parser, section, name):
    answer = {"name": name, "raw": parser.get(section, name, raw=True)}
    try:
        answer["value"] = parser.get(section, name)
    except configparser.Error as exception:
        answer["error"] = error(exception)
    return answer


def section(parser, name):
    names = [key for key, _ in parser.items(name, raw=True)]
    answer = {"name": name, "options": [option(parser, name, key) for key in names]}
    try:
        answer["items"] = parser.items(name)
    except configparser.Error as exception:
        answer["error"] = error(exception)
    return answer


def read(text):
    parser = configparser.ConfigParser({"here": "/project"})
    # The way in which a file is opened decides what a line is.
    lines = io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), encoding="utf-8")
    try:
        parser.read_file(lines, source=NAME)
    except configparser.Error as exception:
        return {"error": error(exception)}
    return {"sections": [section(parser, name) for name in [*parser.sections(), "DEFAULT"]]}


def main():
    texts = json.load(sys.stdin)
    answer = {"version": list(sys.version_info[:2]), "answers": [read(text) for text in texts]}
    json.dump(answer, sys.stdout)


main()
