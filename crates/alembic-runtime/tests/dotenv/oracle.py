"""What python-dotenv reads in each text of a JSON list on standard input, with both preferences."""
import io
import json
import os
import sys

from dotenv.main import DotEnv

os.environ.clear()
os.environ.update({"HOME": "/home/bob", "USER": "process", "EMPTY": ""})


def answer(text):
    # A file is opened as text, where every line end is a line feed.
    read = io.StringIO(text, newline=None).read()
    return [
        dict(DotEnv(None, stream=io.StringIO(read), override=override).dict())
        for override in (False, True)
    ]


json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
