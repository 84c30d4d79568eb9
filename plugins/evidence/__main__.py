"""Verify the evidence of drills, and add reviews to it. Nothing is asked of a network or a database.

python -m plugins.evidence verify DIR... [--key FILE]... [--head DIGEST]... [--unsigned]
python -m plugins.evidence review DIR --by NAME [--at TIME] [--note TEXT] [--action TEXT [--owner NAME] [--until DAY]]...
"""  # noqa: E501

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins import unfinished
from plugins.errors import DrillError
from plugins.evidence import bundle, reviewing, verifying
from plugins.signing import VARIABLE, key_of, public_key_of
from plugins.words import counted, instant, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plugins.evidence.verifying import Bundle, Chain
    from plugins.signing import Key

OK, FAULTS, USAGE = 0, 1, 4


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        print(f"evidence: {message}\nHINT: {self.format_usage().strip()}", file=sys.stderr)
        sys.exit(USAGE)


def main(argv: list[str]) -> int:
    """0 when all is as it was written and signed, 1 when it is not, or could not be told, 4 for bad usage."""
    asked = _parser().parse_args(argv)
    try:
        return int(asked.run(asked))
    except DrillError as error:
        print(f"evidence: {error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m plugins.evidence", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, metavar="verify|review")
    verify = commands.add_parser(
        "verify", help="whether bundles are as they were written, and none is left out"
    )
    verify.add_argument(
        "folders", nargs="+", type=Path, metavar="DIR", help="a bundle, or a folder of bundles"
    )
    verify.add_argument("--key", action="append", default=[], type=Path, metavar="FILE",
                        help="a public key (PEM) that may have signed; repeatable")  # fmt: skip
    verify.add_argument("--head", action="append", default=[], metavar="DIGEST",
                        help="SHA-256 of the last evidence that is expected; one for each plan")  # fmt: skip
    verify.add_argument(
        "--unsigned", action="store_true", help="look at digests and order only, without a key"
    )
    verify.set_defaults(run=_verify)
    review = commands.add_parser("review", help="write down who looked at a drill, and what is to be done")
    review.add_argument("folder", type=Path, metavar="DIR", help="a bundle, such as reports/out/latest")
    review.add_argument("--by", required=True, metavar="NAME", help="who looked at it")
    review.add_argument("--at", type=_time, metavar="TIME", help="when (ISO 8601); now by default")
    review.add_argument("--note", default="", metavar="TEXT", help="what was found")
    review.add_argument(
        "--action", action="append", default=[], metavar="TEXT", help="what is to be done; repeatable"
    )
    review.add_argument(
        "--owner", action="append", default=[], metavar="NAME", help="who does it; one an action"
    )
    review.add_argument(
        "--until", action="append", default=[], type=_day, metavar="DAY", help="its last day; one an action"
    )
    review.set_defaults(run=_review)
    return parser


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-12-31") from None


def _verify(asked: argparse.Namespace) -> int:
    keys = [public_key_of(path) for path in asked.key]
    if asked.unsigned and keys:
        raise DrillError("--unsigned was given with a key", hint="Give one of them.")
    bundles = [verifying.look(folder, keys) for folder in _bundles(asked.folders)]
    chains = verifying.chains(bundles)
    faults = 0
    for one in bundles:
        faults += _tell_bundle(one)
    for chain in chains:
        faults += _tell_chain(chain)
    heads = {head.lower().removeprefix("sha256:") for head in asked.head}
    for head in sorted(heads - {chain.ends for chain in chains}):
        faults += 1
        _say(f"FAULT: no plan's last drill has the digest {head}: a drill was dropped, or it is another one")
    if not keys and not asked.unsigned:
        faults += 1
        _say(
            "FAULT: no key was given, so nothing shows who wrote this (--key FILE; --unsigned to do without)"
        )
    _say("not checked:")
    for text in _not_checked(keys, chains, heads, bundles):
        _say(f"  - {text}")
    _say(f"{'NOT VERIFIED: ' + counted(faults, 'fault') if faults else 'VERIFIED'}, "
          f"{counted(len(bundles), 'drill')}")  # fmt: skip
    return FAULTS if faults else OK


def _bundles(given: Sequence[Path]) -> list[Path]:
    """The bundles that the folders are, or hold; each once. Raises DrillError for what is neither."""
    found: dict[Path, None] = {}
    for folder in given:
        if not folder.is_dir():
            raise DrillError(f"there is no folder {folder}", hint="Name bundles, or a folder of bundles.")
        if (folder / bundle.EVIDENCE).exists() or (folder / bundle.STATEMENT).exists():
            found[folder.resolve()] = None
            continue
        # A link such as `latest` leads to one of the others, and what a killed drill began to write is none.
        # Nor is the history of an archive. A folder that lost its evidence is a fault.
        kept = {bundle.HISTORY} if (folder / bundle.HEAD).is_file() else set()
        below = [
            path
            for path in sorted(folder.iterdir())
            if path.is_dir()
            and not path.is_symlink()
            and not path.name.endswith(unfinished.SUFFIX)
            and path.name not in kept
        ]
        if not below:
            raise DrillError(f"{folder} holds no bundle", hint="A bundle is a folder with an evidence.json.")
        found |= dict.fromkeys(path.resolve() for path in below)
    return list(found)


def _say(text: str) -> None:
    """A line of the terminal: nothing that a bundle holds begins one of its own, or moves the cursor."""
    print(visible(text))


def _tell_bundle(one: Bundle) -> int:
    if one.told:
        sample = " SAMPLE" if one.told["sample"] else ""
        verdict = f"{str(one.told.get('verdict')).upper()} ({one.told.get('scope')})"
        _say(
            f"{one.drill_id} {one.told['plan']['name']}{sample}: {verdict}, {_when(one.told['finished_at'])}"
        )
        _say(f"  evidence {one.sha256}, {counted(one.files, 'other file')}")
        by = ", ".join(f"key {signer[:16]}" for signer in one.signers)
        _say(
            f"  {'signed by ' + by if by else 'signed, by whom is not checked' if one.signed else 'UNSIGNED'}"
        )
    else:
        _say(one.drill_id)
    for review, signers in one.reviews:
        by = (
            f"signed by key {signers[0][:16]}"
            if signers
            else "signature not checked"
            if review.signed
            else "UNSIGNED"
        )
        _say(f"  reviewed by {review.reviewed_by} on {instant(review.reviewed_at)} ({by})")
        for action in review.actions:
            until = f", until {action.until}" if action.until else ""
            _say(f"    to be done: {action.text}{f', by {action.owner}' if action.owner else ''}{until}")
    for fault in one.faults:
        _say(f"  FAULT: {fault}")
    return len(one.faults)


def _when(text: str) -> str:
    return instant(datetime.fromisoformat(text))


def _tell_chain(chain: Chain) -> int:
    sample = " (SAMPLE)" if chain.sample else ""
    begins = "the first of its plan" if chain.begins is None else f"which follows {chain.begins['drill_id']}"
    _say(f"chain of {chain.plan}{sample}: {counted(len(chain.drills), 'drill')}, "
          f"from {chain.drills[0].drill_id}, {begins}, to {chain.drills[-1].drill_id}")  # fmt: skip
    for fault in chain.faults:
        _say(f"  FAULT: {fault}")
    return len(chain.faults)


def _not_checked(
    keys: Sequence[Key], chains: Sequence[Chain], heads: set[str], bundles: Sequence[Bundle]
) -> Iterator[str]:
    if not keys:
        yield "who wrote the evidence: no key was given"
    for chain in chains:
        if chain.ends not in heads:
            yield (
                f"that no later drill of {chain.plan} was dropped: the digest of the last one that is "
                "expected was not given (--head)"
            )
        if chain.begins is not None:
            yield f"what {chain.plan} drilled up to {chain.begins['drill_id']}: that drill is not here"
    yield "that whoever held the key told the truth, and drilled nothing that was never written down"
    if any(one.told for one in bundles):
        yield "that the digests of backups and tables are those of your data: that takes the backup"


def _review(asked: argparse.Namespace) -> int:
    if len(asked.owner) > len(asked.action) or len(asked.until) > len(asked.action):
        raise DrillError(
            "there are more owners or days than actions", hint="Give --action first, for each of them."
        )
    actions = [
        reviewing.Action(
            text,
            asked.owner[nth] if nth < len(asked.owner) else None,
            asked.until[nth] if nth < len(asked.until) else None,
        )
        for nth, text in enumerate(asked.action)
    ]
    key = key_of(os.environ, None)
    path = reviewing.add(
        asked.folder,
        by=asked.by,
        at=asked.at or datetime.now(UTC),
        note=asked.note,
        actions=actions,
        key=key if key.signs else None,
    )
    print(f"written: {path}" + ("" if key.signs else f" (UNSIGNED: {VARIABLE} is not set)"))
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
