"""Starts the sidecar as docker-compose.example.yml does and proves what is promised of it; run.sh makes the surroundings.

    proof.py ROOT IMAGE PROJECT

It refuses to start without a token; answers within 300 ms; the health check agrees; the API applies and rolls back;
SIGTERM waits for the migration that is running, whose revision is then in the database.
"""

import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from engine import Engine
from page import Page, first_answer

HEAD, BEFORE, SLOW = "873addc1221e", "6916fff7113d", "5109af00d5ee"
START_MS = 300


def say(words):
    print(f"==> {words}", flush=True)


def sql(query):
    """One value of the database, asked beside the sidecar."""
    asked = ["psql", "-XAtq", "-d", "shop", "-c", query]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def stop(process):
    """Ends the page; its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=60)


def refuses_without_token(engine, environment):
    process = engine.start(environment=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2, (process.returncode, said)
    assert "ALEMBIC_RS_UI_TOKEN" in said, said
    say(f"without a token it refuses:\n{said.rstrip()}")


def starts_quickly(engine, environment):
    taken = []
    for _ in range(5):
        begun = time.monotonic()
        process = engine.start(environment=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(first_answer(begun, process) * 1000)
        assert stop(process) == 0
    shown = ", ".join(f"{taken:.0f}" for taken in sorted(taken))
    say(f"from start to the first 200: {shown} ms, median {START_MS} allowed")
    assert statistics.median(taken) <= START_MS, "it starts too slowly"


def applies_and_rolls_back(page):
    for command, target in [("upgrade", HEAD), ("downgrade", BEFORE), ("upgrade", HEAD)]:
        begun = time.monotonic()
        heads = page.run(command, target)
        assert heads == [target] and sql("SELECT version_num FROM alembic_version") == target, heads
        say(f"{command} {target} through the API: {time.monotonic() - begun:.1f} s, the database is there")


def waits_for_a_migration(page, process):
    page.begin("upgrade", "heads")
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(4)'"
    deadline = time.monotonic() + 30
    while sql(asleep) != "1":
        assert time.monotonic() < deadline, "the migration does not begin"
        time.sleep(0.05)
    begun = time.monotonic()
    code = stop(process)
    taken = time.monotonic() - begun
    at = sql("SELECT version_num FROM alembic_version")
    assert (code, at) == (0, SLOW), (code, at, taken)
    say(f"SIGTERM while a migration of 4 s was running: it ended {taken:.1f} s later, code {code}, the database is at {at}")


def main(root, image, project):
    with tempfile.NamedTemporaryFile("w") as hosts:
        hosts.write("127.0.0.1 localhost postgres\n")
        hosts.flush()
        os.chmod(hosts.name, 0o644)
        engine = Engine(root, image, project, hosts.name)
        environment = {
            "DATABASE_URL": "postgresql://postgres:5432/shop",
            "POSTGRES_USER": "shop",
            "POSTGRES_PASSWORD": os.environ["PGPASSWORD"],
            "ALEMBIC_INI": "/project/alembic.ini",
            "SQLALCHEMY_BASE": "petshop.models:Base",
        }
        refuses_without_token(engine, environment)
        token = secrets.token_hex(16)
        environment["ALEMBIC_RS_UI_TOKEN"] = token
        starts_quickly(engine, environment)
        assert not engine.healthy(), "the health check passes where nothing runs"
        process = engine.start(environment=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            first_answer(time.monotonic(), process)
            assert engine.healthy(), "the health check fails"
            say("the health check of the image passes, and fails where nothing runs")
            assert Page("x" * 32).ask("/api/status")[0] == 401
            applies_and_rolls_back(Page(token))
            waits_for_a_migration(Page(token), process)
        finally:
            process.kill()
        said = process.stdout.read()
        say(f"what it said:\n{said.rstrip()}")
        for secret in (token, os.environ["PGPASSWORD"]):
            assert secret not in said, "a secret is in what it said"


main(*sys.argv[1:])
