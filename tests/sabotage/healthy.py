"""Inputs with nothing wrong in them, in which no control may be red."""

from __future__ import annotations

from .cases import PLACES

# By the file's name in the folder of --dumps: the name it is drilled under, and as of when. What pg_dump
# writes as text tells no time: its name does, by a date of our making.
DUMPS = {
    "pagila.sql": ("pagila-2023-05-10T02-00-00Z.sql", "2023-05-10T12:00:00Z"),
    "dvdrental.dump": ("dvdrental.dump", "2022-06-26T12:00:00Z"),
    "dvdrental.tar": ("dvdrental.tar", "2013-05-27T12:00:00Z"),
    "tiny.sql": ("tiny-2026-05-21T02-00-00Z.sql", "2026-05-21T12:00:00Z"),
    "tiny.dump": ("tiny.dump", "2026-05-21T12:00:00Z"),
    "tiny.tar": ("tiny.tar", "2026-05-22T12:00:00Z"),
}
WORLDS = {
    "alone": "the sample, alone",
    "compared": "the sample, with manifest, schema reference and an earlier drill",
    "restored": "the sample, restored by somebody else (--drill-restored)",
    "misnamed": "the sample, its newest backup a gzip file under a name that says it is SQL",
    "plain": "the sample, its newest backup not compressed",
}
INPUTS = {
    **WORLDS,
    **{f"{form} on {major}": f"the sample as {form}, PostgreSQL {major}" for form, major in PLACES},
    **{name: f"{name}, a dump that others wrote" for name in DUMPS},
}
