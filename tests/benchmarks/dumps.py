"""The application's database in the forms that pg_dump writes; made once and kept."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from tests.benchmarks.testbed import contents

if TYPE_CHECKING:
    from tests.benchmarks.testbed import Testbed

APPLICATION = Path(__file__).parent / "application"
STEPS = ("tables.sql", "rows.sql", "keys.sql")
WORDS = APPLICATION / "words.txt"
# The most that Supabase's command line puts into one statement.
ROWS_PER_INSERT = 100_000
FORMS = ("plain.sql", "plain.sql.gz", "custom.dump", "inserts.sql")


@dataclass(frozen=True, slots=True)
class Dumps:
    """The dumps of one size. contents: what each of them holds, counted. sizes: bytes by file."""

    folder: Path
    megabytes: int
    contents: dict[str, int]
    sizes: dict[str, int]

    def __getitem__(self, form: str) -> Path:
        return self.folder / form

    @property
    def text_bytes(self) -> int:
        """Of the plain form."""
        return self.sizes["plain.sql"]


def make_dumps(bed: Testbed, folder: Path, *, megabytes: int) -> Dumps:
    """Generate the database and dump it, unless that was done before by this very generator."""
    steps = [(APPLICATION / step).read_text(encoding="utf-8") for step in STEPS]
    settings = {"megabytes": str(megabytes), "words": " ".join(WORDS.read_text(encoding="utf-8").split())}
    written = hashlib.sha256("\0".join((*steps, settings["words"])).encode()).hexdigest()[:8]
    place = folder / f"{megabytes}-{bed.server.kind}-{bed.server.version}-{written}"
    if (place / "facts.json").exists():
        return Dumps(place, **json.loads((place / "facts.json").read_bytes()))
    fresh = place.with_name(f".{place.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with bed.database("application", encoding="UTF8") as database:
        with closing(bed.server.connect("application")) as connection:
            for name, value in settings.items():
                setting = sql.Identifier("benchmark", name)
                connection.execute(sql.SQL("SET {} = {}").format(setting, sql.Literal(value)))
            for step in steps:
                connection.execute(step.encode())
            # Otherwise the temporary tables are part of what pg_dump looks at.
            connection.execute("DISCARD TEMP")
        inserts = ("--inserts", f"--rows-per-insert={ROWS_PER_INSERT}")
        for form, options in (("plain.sql", ()), ("custom.dump", ("-Fc",)), ("inserts.sql", inserts)):
            path = bed.shared / form
            bed.run("pg_dump", *options, "-f", bed.seen(path), database="application")
            # Copied, for the server's user owns it, and the folder goes with the server.
            shutil.copyfile(path, fresh / form)
            path.unlink()
        counted = contents(database)
    with (
        (fresh / "plain.sql").open("rb") as text,
        gzip.GzipFile(fresh / "plain.sql.gz", "wb", compresslevel=6, mtime=0) as packed,
    ):
        shutil.copyfileobj(text, packed, 1 << 20)
    made = Dumps(place, megabytes, counted, {form: (fresh / form).stat().st_size for form in FORMS})
    facts = asdict(made)
    del facts["folder"]
    (fresh / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    fresh.rename(place)
    return made
