"""RESULTS.md, written from what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.restores import JOBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One section's measurements. at: when. facts: of the machine, the servers and the dumps."""

    at: str
    command: str
    facts: Mapping[str, str]
    records: Sequence[Record]


FAST, FAST_CUSTOM, DURABLE = "fast, plain", "fast, custom", "durable, plain"
PSQL, PSQL_STOCK = "psql, throwaway settings", "psql, stock settings"
PG_RESTORE = f"pg_restore -j {JOBS}, throwaway settings"

# What is divided by what, and a target's bounds, if it has any. The targets are about the load; "both" counts
# the opening of the archive too.
RATIOS = (
    ("fast / psql -f, same settings", (FAST, "load"), PSQL, (0.0, 0.70)),
    (f"fast / pg_restore -j {JOBS}, both of the custom form", (FAST_CUSTOM, "load"), PG_RESTORE, (0.0, 0.85)),
    (f"fast with its staging / pg_restore -j {JOBS}", (FAST_CUSTOM, "both"), PG_RESTORE, None),
    ("fast / psql -f, stock settings", (FAST, "load"), PSQL_STOCK, (0.0, 0.55)),
    ("fast with its staging / psql -f, same settings", (FAST, "both"), PSQL, None),
    ("durable / psql -f, stock settings", (DURABLE, "load"), PSQL_STOCK, (0.90, 1.10)),
    ("durable with its staging / psql -f, stock settings", (DURABLE, "both"), PSQL_STOCK, None),
)
HEADING = "\n## "
PEAK = 250e6
EVEN = 1.10
RATES = {450: 300e6, 64: 120e6}
# Of a restore's time that the claims may take; of psql's that a whole fast drill may.
CLAIMS, WHOLE = 0.25, 1.0
# Seconds in which a large company's services have all been asked.
ASKED = 20.0


HEAD = "# Results\n\nWritten by `python -m tests.benchmarks`. README.md says what is measured, and how.\n"


def with_section(text: str, name: str, measured: Measured) -> str:
    """RESULTS.md with one section written anew; the others stay as they stand, with their dates."""
    write = {
        "restores": restores,
        "claims": claims,
        "memory": memory,
        "staging": staging,
        "services": services,
        "load": load,
    }
    _, *sections = text.split(HEADING)
    known = dict(section.split("\n", 1) for section in sections)
    said = f"\n{measured.at}: `{measured.command}`\n\n"
    said += "".join(f"- {key}: {value}\n" for key, value in measured.facts.items())
    known[name.capitalize()] = said + "".join(f"\n{part}" for part in write[name](measured.records))
    known = {title: known.get(title, "\nNot measured.\n") for title in map(str.capitalize, write)}
    return HEAD + "".join(f"{HEADING}{title}\n{body}" for title, body in known.items())


def restores(records: Sequence[Record]) -> Iterator[str]:
    """Medians, where the time goes, ratios."""
    ways = {
        way: [one for one in records if one["way"] == way] for way in dict.fromkeys(r["way"] for r in records)
    }
    yield "Seconds: the median, and the least and the most.\n\n" + _table(
        ("way", "staging", "load", "both"),
        (
            (way, *(_spread([_seconds(one, what) for one in ran]) for what in ("staging", "load", "both")))
            for way, ran in ways.items()
        ),
    )
    phased = {way: ran for way, ran in ways.items() if ran[0]["phases"]}
    names = list(dict.fromkeys(name for ran in phased.values() for name in ran[0]["phases"]))
    yield "Where the load's time goes, medians in seconds (phases of `fast` may overlap).\n\n" + _table(
        ("way", *names),
        (
            (way, *(f"{median(one['phases'].get(name, 0.0) for one in ran):.2f}" for name in names))
            for way, ran in phased.items()
        ),
    )
    rows = []
    for name, (way, what), rival, bounds in RATIOS:
        pairs = [
            _seconds(ours, what) / theirs["load"] for ours, theirs in zip(ways[way], ways[rival], strict=True)
        ]
        wanted = (
            "-"
            if bounds is None
            else f"≤ {bounds[1]:.2f}"
            if not bounds[0]
            else f"{bounds[0]:.2f}-{bounds[1]:.2f}"
        )
        met = "-" if bounds is None else _met(bounds[0] <= median(pairs) <= bounds[1])
        rows.append((name, _spread(pairs), wanted, met))
    yield "Ratios: the median of the pairs' ratios, and the least and the most.\n\n" + _table(
        ("ratio", "measured", "target", "met"), rows
    )


def claims(records: Sequence[Record]) -> Iterator[str]:
    """What the proof costs, of whole drills."""
    by_way = {way: [one for one in records if one["way"] == way] for way in ("psql", "durable", "fast")}
    drilled = {way: ran for way, ran in by_way.items() if way != "psql"}
    costs = {way: [sum(one["claims"].values()) for one in ran] for way, ran in drilled.items()}
    yield "Seconds: the median, and the least and the most.\n\n" + _table(
        ("way", "whole", "restore_time", "all claims", "peak memory"),
        [
            ("psql -f, stock settings", _spread([one["wall"] for one in by_way["psql"]]), "-", "-", "-"),
            *(
                (f"{way} drill", _spread([one["wall"] for one in ran]),
                 _spread([one["restore"] for one in ran]), _spread(costs[way]),
                 f"{max(one['peak'] for one in ran) / 1e6:.0f} MB")
                for way, ran in drilled.items()
            ),
        ],
    )  # fmt: skip
    controls = {control for ran in drilled.values() for one in ran for control in one["claims"]}
    each = {
        control: [f"{median(one['claims'].get(control, 0.0) for one in ran):.2f}" for ran in drilled.values()]
        for control in controls
    }
    dear = {
        control: took for control, took in each.items() if any(float(seconds) >= 0.05 for seconds in took)
    }
    yield "By control, medians in seconds, of those that take 0.05 or more.\n\n" + _table(
        ("control", *(f"{way} drill" for way in drilled)),
        sorted(((control, *took) for control, took in dear.items()), key=lambda row: -float(row[1])),
    )
    rows = []
    for way, ran in drilled.items():
        ratios = [cost / one["restore"] for cost, one in zip(costs[way], ran, strict=True)]
        met = median(ratios) <= CLAIMS
        rows.append((f"all claims / restore_time, {way}", _spread(ratios), f"≤ {CLAIMS}", _met(met)))
    ratios = [one["wall"] / psql["wall"] for one, psql in zip(by_way["fast"], by_way["psql"], strict=True)]
    met = median(ratios) < WHOLE
    rows.append(("whole fast drill / psql -f, stock settings", _spread(ratios), f"< {WHOLE:.0f}", _met(met)))
    peak = max(one["peak"] for ran in drilled.values() for one in ran)
    rows.append(("peak memory", f"{peak / 1e6:.0f} MB", f"≤ {PEAK / 1e6:.0f} MB", _met(peak <= PEAK)))
    yield "Ratios: the median of the pairs' ratios, and the least and the most.\n\n" + _table(
        ("ratio", "measured", "target", "met"), rows
    )


def memory(records: Sequence[Record]) -> Iterator[str]:
    """Peaks by form and size, and whether they and the time grow."""
    runs = {key: list(of) for key, of in groupby(records, key=lambda one: (one["form"], one["megabytes"]))}
    rows = []
    for (form, megabytes), ran in runs.items():
        largest = ran[0]["largest"]
        peak = max(one["peak"] for one in ran)
        wanted = f"≤ {(PEAK + largest) / 1e6:.0f} MB" + (
            f" (a statement of {largest / 1e6:.0f} MB)" if largest else ""
        )
        took = (_spread([one[what] for one in ran]) for what in ("wall", "restore"))
        family = max(one["family"] for one in ran)
        rows.append(
            (form, f"{megabytes} MB", f"{peak / 1e6:.0f} MB", wanted, _met(peak <= PEAK + largest),
             f"{family / 1e6:.0f} MB", *took)
        )  # fmt: skip
    yield "Peak memory of the pytest process (VmHWM, the highest of all runs), and seconds.\n\n" + _table(
        ("form", "size", "peak", "target", "met", "with its children", "whole drill", "restore_time"), rows
    )
    rows = []
    for form in ("plain.sql", "plain.sql.gz"):
        sizes = sorted(megabytes for other, megabytes in runs if other == form)
        small, big = runs[form, sizes[0]], runs[form, sizes[-1]]
        grown = max(one["peak"] for one in big) / max(one["peak"] for one in small)
        rows.append((f"{form}, peak", f"{grown:.2f}", f"≤ {EVEN:.2f}", _met(grown <= EVEN)))
        times = sizes[-1] / sizes[0]
        for what, without in (("restore_time", ()), ("restore_time but for the server's start", ("start",))):
            slower = _restore(big, without) / _restore(small, without)
            rows.append((f"{form}, {what}", f"{slower:.2f}", f"≤ {times:.2f}", _met(slower <= times)))
    yield f"{sizes[-1]} MB against {sizes[0]} MB.\n\n" + _table(("ratio", "measured", "target", "met"), rows)


def staging(records: Sequence[Record]) -> Iterator[str]:
    """Rates of the whole pass and of its parts."""
    rows = []
    for one in records:
        for part, seconds in one["seconds"].items():
            best, middle = one["bytes"] / min(seconds), one["bytes"] / median(seconds)
            wanted = RATES[one["width"]] if part == "whole pass" else None
            rows.append(
                (f"{one['width']} bytes", part, f"{best / 1e6:.0f}", f"{middle / 1e6:.0f}",
                 f"≥ {wanted / 1e6:.0f}" if wanted else "-", _met(middle >= wanted) if wanted else "-")
            )  # fmt: skip
    yield "MB of text a second on one core; the target is judged by the median.\n\n" + _table(
        ("a row", "part", "best", "median", "target", "met"), rows
    )


def services(records: Sequence[Record]) -> Iterator[str]:
    """How long each service takes."""
    rows = []
    for service in dict.fromkeys(one["service"] for one in records):
        ran = [one for one in records if one["service"] == service]
        took = [one["wall"] for one in ran]
        requests = f"{median(one['requests'] for one in ran):.0f}"
        rows.append((service, requests, _spread(took), f"< {ASKED:.0f}", _met(median(took) < ASKED)))
    yield "Seconds: the median, and the least and the most.\n\n" + _table(
        ("service", "requests", "seconds", "target", "met"), rows
    )


def load(records: Sequence[Record]) -> Iterator[str]:
    """Memory, seconds, and how large the report is that a person reads."""
    yield "Peak memory of the pytest process (VmHWM), seconds, and the sizes of what is read.\n\n" + _table(
        (
            "load",
            "backup",
            "peak",
            "wall",
            "restore",
            "evidence.json",
            "page",
            "history",
            "Allure",
            "terminal",
        ),
        (
            (
                f"{one['amount']:,} {one['unit']}",
                f"{one['size'] / 1e6:,.1f} MB",
                f"{one['peak'] / 1e6:,.0f} MB",
                f"{one['wall']:,.0f} s",
                f"{one['restore']:,.0f} s",
                *(
                    f"{one['report'][f'{what}_bytes'] / 1e3:,.0f} kB"
                    for what in ("evidence", "page", "history", "allure")
                ),
                f"{one['report']['terminal_lines']} lines",
            )
            for one in records
        ),
    )


def _restore(ran: Sequence[Record], without: tuple[str, ...]) -> float:
    """The median of restore_time, without some of its phases."""
    phases = [one["phases"] for one in ran]
    return median(sum(float(of[name]) for name in of if name not in without) for of in phases)


def _seconds(one: Record, what: str) -> float:
    taken = {"load": one["load"], "staging": one["stage"], "both": one["stage"] + one["load"]}
    return float(taken[what])


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})" if any(values) else "-"


def _met(met: bool) -> str:
    return "yes" if met else "**no**"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| {} |\n".format(" | ".join(line)) for line in lines)
