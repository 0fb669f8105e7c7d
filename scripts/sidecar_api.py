"""Inside the sidecar: starts the page as the image does, times its first answer, applies and rolls back through its API.

    python3 sidecar_api.py PORT TOKEN
"""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

PORT, TOKEN = sys.argv[1:]
BASE = f"http://127.0.0.1:{PORT}"
HEAD = "873addc1221e"


def ask(path, body=None, token=TOKEN):
    """The status and the document of an answer."""
    request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {token}"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def first_answer(begun, page):
    """Seconds until the page is there."""
    while True:
        try:
            with urllib.request.urlopen(BASE + "/healthz", timeout=1) as answer:
                assert answer.status == 200
                return time.monotonic() - begun
        except urllib.error.URLError:
            assert page.poll() is None, f"the page ended with {page.returncode}"
            assert time.monotonic() - begun < 30, "the page does not answer"
            time.sleep(0.002)


def run(command, target, expected):
    """Asks for a run, confirms it, waits for its end and looks at the database."""
    status, asked = ask("/api/runs", {"command": command, "target": target})
    assert status == 409 and asked["code"] == "confirmation-required", (status, asked)
    begun = time.monotonic()
    status, started = ask("/api/runs", {"command": command, "target": target, "confirm": asked["confirm"]})
    assert status == 202, (status, started)
    while True:
        answer, current = ask("/api/runs/current")
        assert answer == 200, current
        if current["run"]["ended_ms"] is not None:
            break
        assert time.monotonic() - begun < 120, current
        time.sleep(0.05)
    assert current["run"]["state"] == "succeeded", current
    heads = ask("/api/status")[1]["database"]["heads"]
    assert heads == expected, (current, heads)
    print(f"    {command} {target}: {time.monotonic() - begun:.1f} s, the database is at {', '.join(heads)}")


begun = time.monotonic()
page = subprocess.Popen(["alembic-rs", "ui", "--host", "0.0.0.0", "--port", PORT, "--no-open"])
try:
    print(f"    first answer after {first_answer(begun, page) * 1000:.0f} ms")
    assert ask("/api/status", token="x" * 32)[0] == 401
    run("upgrade", "heads", [HEAD])
    run("downgrade", "6916fff7113d", ["6916fff7113d"])
    run("upgrade", "heads", [HEAD])
finally:
    page.send_signal(signal.SIGTERM)
    code = page.wait(timeout=60)
assert code == 0, f"after SIGTERM the page ended with {code}"
