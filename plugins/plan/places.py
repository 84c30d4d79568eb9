"""Where things are: a backup's source, an archive, a service's URL. No secret may stand in any of them."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import PlainValidator

from plugins.plan.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["path", "s3", "gs", "az", "https", "postgres"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two letters at least: "C:" is a drive
_KINDS: dict[str, Kind] = {
    "file": "path",
    "s3": "s3",
    "gs": "gs",
    "az": "az",
    "https": "https",
    "http": "https",
    "postgres": "postgres",
}
_SOURCE = (
    "a folder or a file (a path or file:), s3://, gs:// or az:// with a bucket, https://, "
    'http:// to this machine only, or "postgres:" or "https:" with backup.url_env'
)
_ARCHIVE = "a folder (a path or file:), or s3://, gs:// or az:// with a bucket"
_LOCAL = "a file; a relative one starts at the plan"
_SECRETS_HINT = (
    "Secrets come from the environment only: take the credential out of the plan and out of its history."
)
_DATABASE_HINT = (
    'Secrets come from the environment only: write source = "postgres:", '
    "and name the variable that holds the URL in backup.url_env."
)
_URL_HINT = (
    'Secrets come from the environment only: write source = "https:", '
    "and name the variable that holds the URL in backup.url_env."
)
# Words that make the key of a plan, or a parameter of a URL or a connection string, one that holds a secret.
SECRET = re.compile(
    r"secret|token|passw|pwd|credential|identity|signature|api_?key|access_?key|auth(?!or)|sig$|_env$", re.I
)
_USERINFO = re.compile(r"//[^/?#\s]*@|^[^/@:]*:[^/@]*@")
_DATABASE_URL = re.compile(r"\s*postgres(ql)?:.", re.I)
_PARAMETER = re.compile(r"(?:^|[?&;\s])([A-Za-z0-9_.-]+)\s*=")


def holds_secret(text: str) -> bool:
    """Whether a text seems to hold a credential: userinfo, a secret parameter, a usual shape of a key."""
    return bool(
        # db_cluster-22-11-2026@02-00-00.backup.gz is a name of Supabase's, also after file:
        _USERINFO.search(re.sub(r"^(?i:file):", "", text))
        or _DATABASE_URL.match(text)
        or any(SECRET.search(name) for name in _PARAMETER.findall(text))
        or re.search(r"-----BEGIN|AGE-SECRET-KEY-|\b(sk|sbp)_\w{16}|\beyJ[\w-]{8,}\.|\bxox[abp]-", text)
    )


def kind_of(source: str) -> Kind:
    """The kind of a source; one without a known scheme is a path."""
    scheme = _SCHEME.match(source)
    return _KINDS.get(scheme[1].lower(), "path") if scheme else "path"


def local_path(source: str, *, folder: Path) -> Path:
    """The path that a source of kind "path" names, relative to `folder`, the plan's."""
    if source[:5].lower() == "file:":
        rest = source[5:]
        # file:///a, file://localhost/a and file:/a are one absolute path; file:a is relative.
        source = unquote(re.sub(r"^//(localhost)?(?=/)", "", rest))
    return folder / Path(source).expanduser()


def _source(allowed: str, *, kinds: frozenset[Kind]) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise RefusedError(allowed=allowed)
        value = value.strip()
        if _DATABASE_URL.match(value):
            raise RefusedError("is a database's URL", allowed=allowed, hint=_DATABASE_HINT, hidden=True)
        if holds_secret(value):
            hint = _URL_HINT if kind_of(value) == "https" and "https" in kinds else _SECRETS_HINT
            raise RefusedError("holds a credential", allowed=allowed, hint=hint, hidden=True)
        scheme = _SCHEME.match(value)
        if scheme and scheme[1].lower() not in _KINDS:
            raise RefusedError("whose kind is unknown", allowed=allowed)
        kind = kind_of(value)
        if kind not in kinds:
            raise RefusedError(allowed=allowed)
        if kind == "path" and not re.fullmatch(r"(?i:file):(//)?", value):
            host = re.match(r"(?i:file)://(?!localhost/)[^/]", value)
            if not host:
                return value
        # The URL itself is in the environment.
        if value.lower() in ("postgres:", "https:"):
            return value.lower()
        if kind in ("s3", "gs", "az") and _split(value).netloc:
            return value
        if kind == "https":
            return _url(value, allowed=allowed, plain_http="loopback")
        raise RefusedError(allowed=allowed)

    return parse


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # reading it is what checks it
    except ValueError as error:
        raise RefusedError(
            "which is no valid URL", allowed="a URL such as https://api.example.com/health"
        ) from error
    return parts


def _url(value: object, *, allowed: str, plain_http: Literal["loopback", "anywhere"]) -> str:
    if not isinstance(value, str) or not value.isprintable() or re.search(r"\s", value):
        raise RefusedError(allowed=allowed)
    if holds_secret(value):
        raise RefusedError("holds a credential", allowed=allowed, hint=_SECRETS_HINT, hidden=True)
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RefusedError(allowed=allowed)
    if parts.scheme == "http" and plain_http == "loopback" and not is_loopback(parts.hostname):
        raise RefusedError("which is not encrypted", allowed=allowed)
    return value


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_url(value: object) -> str:
    """An http or https URL with a host and without a credential."""
    return _url(value, allowed="a URL such as https://api.example.com/health", plain_http="anywhere")


# What a template may leave open; anything else in braces is a mistake.
_OPEN = ("section", "item")


def parse_url_template(value: object) -> str:
    """A URL in which {section} and {item} may stand for what it is about."""
    allowed = "a URL such as https://example.com/runbook#{section}; {section} and {item} may stand in it"
    url = _url(value, allowed=allowed, plain_http="anywhere")
    left = re.sub("|".join(rf"\{{{name}\}}" for name in _OPEN), "", url)
    if "{" in left or "}" in left:
        raise RefusedError(allowed=allowed)
    return url


_TRUSTED = "an https:// URL, or http:// to this machine"


def parse_trusted_url(value: object) -> str:
    """Where a credential is sent to: https, or http to this machine; a path, and nothing after it."""
    url = _url(value, allowed=_TRUSTED, plain_http="loopback")
    if _split(url).query or _split(url).fragment:
        raise RefusedError("which goes on after its path", allowed=_TRUSTED)
    return url.rstrip("/")


def parse_base_url(value: object) -> str:
    """A vendor's host, to which a credential is sent: https, or http to this machine. No slash at its end."""
    url = parse_trusted_url(value)
    if _split(url).path:
        # Its own paths begin at the root: this one would be left out without a word.
        raise RefusedError("which has a path", allowed=f"{_TRUSTED}, and no path")
    return url


Source = Annotated[str, PlainValidator(_source(_SOURCE, kinds=frozenset(_KINDS.values())))]
ArchiveSource = Annotated[str, PlainValidator(_source(_ARCHIVE, kinds=frozenset(("path", "s3", "gs", "az"))))]
LocalPath = Annotated[str, PlainValidator(_source(_LOCAL, kinds=frozenset(("path",))))]
Url = Annotated[str, PlainValidator(parse_url)]
UrlTemplate = Annotated[str, PlainValidator(parse_url_template)]
TrustedUrl = Annotated[str, PlainValidator(parse_trusted_url)]
BaseUrl = Annotated[str, PlainValidator(parse_base_url)]
