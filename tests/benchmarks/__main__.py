"""Measure the loader against psql and pg_restore, its memory, staging, and the services; write RESULTS.md.

    python -m tests.benchmarks [--megabytes 750] [--pairs 5] [--kind container] [--only NAME]
    python -m tests.benchmarks --only load [--load KIND] [--share 1.0]

See README.md beside this file.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plugins.errors import DrillError
from tests.benchmarks import claims, drills, load, restores, services, staging
from tests.benchmarks.dumps import Dumps, make_dumps
from tests.benchmarks.machine import about, machine
from tests.benchmarks.results import Measured, with_section
from tests.benchmarks.testbed import KINDS, testbed

SECTIONS = ("restores", "claims", "memory", "staging", "services")
# Measured when it is asked for only: it takes long.
LOAD = "load"
MAJOR = 17
STAGED_MEGABYTES = 200


def main(argv: list[str]) -> int:
    """Run what was asked for; 0 when it was measured, whatever came of it, 1 when it could not be."""
    asked = _asked(argv)
    asked.folder.mkdir(parents=True, exist_ok=True)
    here = machine()
    try:
        for name in asked.only or SECTIONS:
            print(f"{name}:", flush=True)
            facts, records = {
                "restores": _restores,
                "claims": _claims,
                "memory": _memory,
                "staging": _staging,
                "services": _services,
                LOAD: _load,
            }[name](asked)
            measured = Measured(
                at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
                command=shlex.join(["python", "-m", "tests.benchmarks", *argv]),
                facts={**here, **facts},
                records=records,
            )
            # After each section, so that an interrupted run leaves what it has.
            before = asked.results.read_text(encoding="utf-8") if asked.results.exists() else ""
            asked.results.write_text(with_section(before, name, measured), encoding="utf-8")
    except DrillError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    print(f"written: {asked.results}")
    return 0


def _asked(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=750, help="of plain SQL; memory also takes a tenth")
    parser.add_argument("--pairs", type=int, default=5, help="times that each way restores, or drills")
    parser.add_argument("--drills", type=int, default=2, help="drills of each dump, for their memory")
    parser.add_argument("--kind", choices=KINDS, default="container", help="of server")
    parser.add_argument("--major", type=int, help=f"of the server; {MAJOR} in a container, else the newest")
    parser.add_argument("--image", help="container image")
    parser.add_argument(
        "--only", action="append", choices=(*SECTIONS, LOAD), help="measure only this; repeatable"
    )
    parser.add_argument(
        "--load", action="append", choices=load.KINDS, help="much of this; repeatable; all by default"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the full amount of each load")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "restore-drill-benchmarks",
        help="where the dumps are kept for the next run",
    )
    parser.add_argument(
        "--results", type=Path, default=Path(__file__).parent / "RESULTS.md", help="what is written"
    )
    asked = parser.parse_args(argv)
    if asked.major is None and asked.kind == "container" and asked.image is None:
        asked.major = MAJOR
    if min(asked.megabytes, asked.pairs, asked.drills) < 1 or not 0 < asked.share <= 1:
        parser.error("sizes and counts are at least 1, and a share is of 1")
    return asked


def _bed(asked: argparse.Namespace, profile: str, megabytes: int) -> Any:
    return testbed(
        asked.kind,
        profile=profile,
        major=asked.major,
        image=asked.image,
        data_bytes=megabytes * 1_000_000,
        relations=0,
    )


def _dumps(asked: argparse.Namespace, megabytes: int) -> Dumps:
    with _bed(asked, "fast", megabytes) as bed:
        return make_dumps(bed, asked.folder, megabytes=megabytes)


def _sizes(dumps: Dumps) -> str:
    return ", ".join(f"{form} {size / 1e6:.0f} MB" for form, size in dumps.sizes.items())


def _restores(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    dumps = _dumps(asked, asked.megabytes)
    with ExitStack() as stack:
        throwaway = stack.enter_context(_bed(asked, "fast", asked.megabytes))
        stock = stack.enter_context(_bed(asked, "durable", asked.megabytes))
        facts = {"dumps": _sizes(dumps), "rows": f"{sum(_rows(dumps).values()):,}"}
        for name, bed in (("throwaway", throwaway), ("stock", stock)):
            facts |= {f"{name} {key}": value for key, value in about(bed).items()}
        return facts, restores.measure(dumps, throwaway, stock, pairs=asked.pairs)


def _claims(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    dumps = _dumps(asked, asked.megabytes)
    with _bed(asked, "durable", asked.megabytes) as stock:
        facts = {"dumps": _sizes(dumps), "rows": f"{sum(_rows(dumps).values()):,}"}
        facts |= {f"stock {key}": value for key, value in about(stock).items()}
        return facts, claims.measure(dumps, stock, kind=asked.kind, image=asked.image, pairs=asked.pairs)


def _memory(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    both = [_dumps(asked, max(1, asked.megabytes // 10)), _dumps(asked, asked.megabytes)]
    facts = {f"{made.megabytes} MB": _sizes(made) for made in both}
    return facts, drills.measure(both, kind=asked.kind, image=asked.image, times=asked.drills)


def _staging(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    size = min(asked.megabytes, STAGED_MEGABYTES)
    facts = {"text": f"{size} MB, gzip -6, one table", "runs": f"{staging.TIMES}, bound to one processor"}
    return facts, staging.measure(asked.folder, megabytes=size)


def _services(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    latency = f"{services.LATENCY * 1000:.0f} ms before each answer of a simulator in this process"
    size = f"{services.AMOUNT} numbers, agents and collections"
    return {"company": size, "latency": latency}, services.measure(times=asked.pairs)


def _load(asked: argparse.Namespace) -> tuple[dict[str, str], list[dict[str, Any]]]:
    kinds = asked.load or list(load.KINDS)
    found = load.measure(
        kinds, asked.folder, share=asked.share, server=asked.kind, major=asked.major, image=asked.image
    )
    return {"profile": "fast", "jobs": str(drills.JOBS)}, found


def _rows(dumps: Dumps) -> dict[str, int]:
    return {name: count for name, count in dumps.contents.items() if "." in name}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
