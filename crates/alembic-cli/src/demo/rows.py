"""Runs the SQL file of its argument in DATABASE_URL's database, in one transaction; prints how many rows it made."""

import os
import sys

import psycopg

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    cursor = connection.execute(text)
    rows = max(cursor.rowcount, 0)
    while cursor.nextset():
        rows += max(cursor.rowcount, 0)
print(rows)
