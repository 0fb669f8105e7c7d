"""The page's API, as a program outside the container uses it."""

import json
import time
import urllib.error
import urllib.request

BASE = "http://127.0.0.1:3000"


class Page:
    """The page, behind its token."""

    def __init__(self, token):
        self.token = token

    def ask(self, path, body=None):
        """The status and the document of an answer."""
        request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {self.token}"})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def begin(self, command, target):
        """Asks for a run and confirms it."""
        status, asked = self.ask("/api/runs", {"command": command, "target": target})
        assert status == 409 and asked["code"] == "confirmation-required", (status, asked)
        status, started = self.ask("/api/runs", {"command": command, "target": target, "confirm": asked["confirm"]})
        assert status == 202, (status, started)

    def run(self, command, target):
        """A run up to its end, and the heads of the database then."""
        begun = time.monotonic()
        self.begin(command, target)
        while True:
            status, current = self.ask("/api/runs/current")
            assert status == 200, current
            if current["run"]["ended_ms"] is not None:
                break
            assert time.monotonic() - begun < 120, current
            time.sleep(0.05)
        assert current["run"]["state"] == "succeeded", current
        return self.ask("/api/status")[1]["database"]["heads"]


def first_answer(begun, process):
    """Seconds until the page is there."""
    while True:
        try:
            with urllib.request.urlopen(BASE + "/healthz", timeout=1) as answer:
                assert answer.status == 200
                return time.monotonic() - begun
        except urllib.error.URLError:
            assert process.poll() is None, f"the page ended with {process.returncode}"
            assert time.monotonic() - begun < 30, "the page does not answer"
            time.sleep(0.002)
