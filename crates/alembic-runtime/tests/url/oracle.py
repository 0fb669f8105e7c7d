"""What SQLAlchemy's make_url says of each text of a JSON list on standard input."""
import json
import sys

from sqlalchemy.engine import make_url


def answer(text):
    try:
        url = make_url(text)
    except Exception as error:  # every failure counts, whatever its class
        return {"error": type(error).__name__}
    query = {
        key: [value] if isinstance(value, str) else list(value)
        for key, value in url.query.items()
    }
    return {
        "name": url.drivername,
        "backend": url.get_backend_name(),
        "user": url.username,
        "password": url.password,
        "host": url.host,
        "port": url.port,
        "database": url.database,
        "query": query,
        "shown": url.render_as_string(hide_password=True),
        "full": url.render_as_string(hide_password=False),
    }


json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
