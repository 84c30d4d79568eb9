"""Credentials: from the environment only, and all that are missing are named before any connection."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins.controls import in_suites
from plugins.drill import DRILL
from plugins.errors import DrillError
from plugins.plan import PLAN
from plugins.plan.places import kind_of
from plugins.target import TARGET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from plugins.plan import Plan
    from plugins.target import Target

# A fixture that a claim asks for, and the alternatives of variables that it needs: one whole row must be set.
Alternatives = tuple[tuple[str, ...], ...]

TWILIO: Alternatives = (
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    ("TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "TWILIO_API_SECRET"),
)
SERVICES: dict[str, Alternatives] = {
    "twilio": TWILIO,
    "twilio_accounts": TWILIO,
    "webhook_exercise": (("TWILIO_AUTH_TOKEN",),),
    "elevenlabs": (("ELEVENLABS_API_KEY",),),
    "listed_agents": (("ELEVENLABS_API_KEY",),),
    "qdrant": (("QDRANT_API_KEY",),),
    "qdrant_door": (("QDRANT_API_KEY",),),
    "platform": (("SUPABASE_ACCESS_TOKEN",),),
}
# The services that must agree with the restored data, by their sections of the plan.
AGREE = ("twilio", "elevenlabs", "qdrant")
STORES: dict[str, Alternatives] = {
    "s3": (
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_PROFILE",),
        ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT",),
    ),
    "gs": (
        ("GOOGLE_APPLICATION_CREDENTIALS",),
        ("GOOGLE_SERVICE_ACCOUNT",),
        ("GOOGLE_SERVICE_ACCOUNT_PATH",),
        ("GOOGLE_SERVICE_ACCOUNT_KEY",),
        ("GOOGLE_OAUTH_ACCESS_TOKEN",),
        ("STORAGE_EMULATOR_HOST",),
    ),
    "az": (
        ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"),
        ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_SAS_TOKEN"),
        ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_SAS_KEY"),
        ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_CLIENT_ID"),
    ),
}
# Where the vendors' own tools keep what somebody signed in with.
FILES: dict[str, tuple[str, ...]] = {
    "s3": ("~/.aws/credentials", "~/.aws/config"),
    "gs": ("~/.config/gcloud/application_default_credentials.json",),
}

# What asks for other places of the plan than its source.
KEEPING = {"catalogue", "backup", "archive", "restored", "stored"}
RETAINING = {"kept_days": "daily", "kept_weeks": "weekly", "kept_months": "monthly"}

MISSING = pytest.StashKey["Mapping[str, str]"]()


class Environment(dict[str, str]):
    """The environment's variables; its repr shows none."""

    def __repr__(self) -> str:
        return f"<an environment of {len(self)} variables>"


@pytest.fixture(scope="session")
def environ(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The environment that credentials are read from; under --drill-sample the made-up company's."""
    if pytestconfig.stash[DRILL].sample:
        return Environment(request.getfixturevalue("sample").environ)
    return Environment(os.environ)


def pytest_collection_finish(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash:
        return
    missing: dict[str, tuple[str, ...]] = {}
    blocked: dict[str, set[str]] = {}
    for item in session.items:
        if not in_suites(item) or not isinstance(item, pytest.Function):
            continue
        for fixture, alternatives in _needed(item, config).items():
            # The sample brings its own; a variable set to nothing takes one away from it.
            if config.stash[DRILL].sample:
                names = _missing(alternatives[:1], lambda name: os.environ.get(name) != "")
            else:
                names = _missing(alternatives, lambda name: bool(os.environ.get(name)))
            if names:
                missing[fixture] = names
                blocked.setdefault(item.nodeid, set()).add(fixture)
    unset = list(dict.fromkeys(name for group in missing.values() for name in group))
    sentence = f"{', '.join(unset)} {'is' if len(unset) == 1 else 'are'} not set"
    config.stash[MISSING] = dict.fromkeys(blocked, sentence)


def _needed(item: pytest.Function, config: pytest.Config) -> dict[str, Alternatives]:
    plan, target = config.stash[PLAN], config.stash[TARGET]
    asked = set(item.fixturenames)
    if "recovery_time" in asked:
        asked |= {name for name in AGREE if plan.section(name)}
    if plan.qdrant is not None and not plan.qdrant.key:
        asked -= {"qdrant", "qdrant_door"}
    needed = {name: SERVICES[name] for name in SERVICES if name in asked}
    takes_backup = asked & {"catalogue", "backup", "archive", "storage"} or (
        "restored" in asked and target.restored is None
    )
    if takes_backup:
        needed |= {"backup": _of_backup(plan)}
    needed |= {source: _of_store(kind_of(source)) for source in _other_places(plan, asked, target)}
    return {name: alternatives for name, alternatives in needed.items() if alternatives}


def _other_places(plan: Plan, asked: set[str], target: Target) -> Iterator[str]:
    """Where else the claim looks than at the plan's source: what is kept, archived, exported."""
    if plan.backup.keep is not None and target.restored is None and asked & KEEPING:
        yield plan.backup.keep
    if plan.elevenlabs is not None and plan.elevenlabs.exports is not None and "agent_exports" in asked:
        yield plan.elevenlabs.exports
    for fixture, slots in RETAINING.items():
        policy = getattr(plan.retention, slots) if plan.retention else None
        if policy is not None and policy.source is not None and asked & {fixture, "deleted"}:
            yield policy.source


def _of_store(kind: str) -> Alternatives:
    return ((),) if _signed_in(kind) else STORES.get(kind, ((),))


def _of_backup(plan: Plan) -> Alternatives:
    alternatives = _of_store(plan.backup.kind)
    if plan.backup.url_env:
        alternatives = ((plan.backup.url_env,),)
    identity = (plan.backup.identity_env,) if plan.backup.identity_env else ()
    return tuple((*names, *identity) for names in alternatives)


def _signed_in(kind: str) -> bool:
    return any(Path(name).expanduser().exists() for name in FILES.get(kind, ()))


def unset(kind: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that a source of this kind lacks, such as "s3"; none where it can be tried."""
    if kind not in STORES or _signed_in(kind):
        return ()
    return _missing(STORES[kind], lambda name: bool(environ.get(name)))


def _missing(alternatives: Alternatives, is_set: Callable[[str], bool]) -> tuple[str, ...]:
    """The variables to set, of the first alternative, when no alternative is whole."""
    if any(all(map(is_set, names)) for names in alternatives):
        return ()
    # The alternative that somebody began to set, else the first. What all have in common tells nothing.
    common = set.intersection(*map(set, alternatives)) if len(alternatives) > 1 else set()
    begun = [names for names in alternatives if any(is_set(name) for name in names if name not in common)]
    return tuple(name for name in (begun or alternatives)[0] if not is_set(name))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    sentence = item.config.stash.get(MISSING, {}).get(item.nodeid)
    if sentence:
        raise DrillError(
            sentence,
            hint="Set them in the environment, and say in drill.toml where your backups are; "
            "--drill-sample needs nothing.",
        )
