"""What the claims cost: whole drills, beside psql that only restores.

A drill's claims are timed by the drill itself, each with what it waits for. The first claim that needs the
restored database waits for the restore, and is none of the rows' proof; all others count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.benchmarks import drills, restores

if TYPE_CHECKING:
    from tests.benchmarks.dumps import Dumps
    from tests.benchmarks.testbed import Testbed

# Its first claim asks for the restored database and for nothing else, so that the restore is in its time.
FIRST = "suites/restore/test_restored.py"
DRILLED = {"durable": "plain.sql", "fast": "plain.sql"}


def measure(
    dumps: Dumps, stock: Testbed, *, kind: str, image: str | None, pairs: int
) -> list[dict[str, Any]]:
    """In turn psql on stock settings, a durable drill and a fast one; every other time in reverse order."""
    (psql,) = (way for way in restores.ways(stock, stock) if way.name == "psql, stock settings")
    psql.bed.lend(dumps[psql.form])
    found = []
    for pair in range(pairs):
        for way in ("psql", "durable", "fast") if pair % 2 == 0 else ("fast", "durable", "psql"):
            if way == "psql":
                record = {"way": way, "wall": psql.restore(dumps, pair).load}
            else:
                record = {"way": way} | _drilled(dumps, way, kind=kind, image=image)
            found.append({"pair": pair, **record})
            told = f", claims {sum(record['claims'].values()):.1f} s" if "claims" in record else ""
            print(f"  {pair + 1}/{pairs} {way}: {record['wall']:.1f} s{told}", flush=True)
    return found


def _drilled(dumps: Dumps, profile: str, *, kind: str, image: str | None) -> dict[str, Any]:
    dump = dumps[DRILLED[profile]]
    # By file: pytest keeps the order of files, and not that of a file and its folder.
    files = sorted(
        str(path.relative_to(drills.ROOT)) for path in (drills.ROOT / "suites").glob("*/test_*.py")
    )
    suites = [file for file in files if "/backup/" in file]
    suites += [FIRST, *(file for file in files if file not in (*suites, FIRST))]
    took = drills.drill(dump, dumps, kind=kind, image=image, profile=profile, suites=suites)
    claims: dict[str, float] = {}
    waited = False
    for check in took.pop("checks"):
        if check["test"].startswith("suites/backup"):
            continue
        if not waited:
            waited = True  # for the restore
            continue
        claims[check["control"]] = claims.get(check["control"], 0.0) + check["seconds"]
    return {**took, "claims": claims}
