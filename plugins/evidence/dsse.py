"""Signed statements: in-toto Statement v1 in a DSSE envelope, as cosign and other tools read them.

Sources: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md and
https://github.com/secure-systems-lab/dsse/blob/master/protocol.md.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import rfc8785
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plugins.signing import Key

STATEMENT = "https://in-toto.io/Statement/v1"
PAYLOAD = "application/vnd.in-toto+json"


class EnvelopeError(ValueError):
    """What is no signed statement of ours; its text is a clause, such as "it is no JSON"."""


def sealed(subjects: Mapping[str, str], *, kind: str, predicate: Mapping[str, Any], key: Key | None) -> bytes:
    """An envelope around a statement on files, as canonical JSON.

    subjects: SHA-256 in hex by the file's name. kind: the predicate's type. Without a key nobody signs it.
    """
    statement: dict[str, Any] = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": subjects[name]}} for name in sorted(subjects)],
        "predicateType": kind,
        "predicate": predicate,
    }
    envelope = Envelope(rfc8785.dumps(statement), PAYLOAD, {})
    if key is not None:
        signature = base64.b64decode(key.sign(envelope.pae()))
        envelope.signatures[key.keyid] = Signature(key.keyid, signature.hex())
    return rfc8785.dumps(envelope.to_dict())


class Opened:
    """A statement taken out of its envelope. subjects: SHA-256 in hex by name."""

    def __init__(self, content: bytes, *, kind: str) -> None:
        """Raises EnvelopeError for what is no envelope of a statement of this kind."""
        try:
            self._envelope = Envelope.from_dict(json.loads(content))
            statement = json.loads(self._envelope.payload)
            self.subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
            self.predicate: Mapping[str, Any] = statement["predicate"]
            known = (self._envelope.payload_type, statement["_type"], statement["predicateType"])
        # The library raises what it likes for what it cannot read, its own errors among them.
        except Exception:  # noqa: BLE001
            raise EnvelopeError("it is no DSSE envelope around an in-toto statement") from None
        if known != (PAYLOAD, STATEMENT, kind):
            raise EnvelopeError("it is a statement of another kind")
        if len(self.subjects) != len(statement["subject"]) or not isinstance(self.predicate, dict):
            raise EnvelopeError("it names a file twice, or says nothing of them")

    @property
    def signed(self) -> bool:
        """Whether there is any signature; whose, and whether it holds, `signers` tells."""
        return bool(self._envelope.signatures)

    def signers(self, keys: Iterable[Key]) -> list[str]:
        """The ids of those keys whose signature holds."""
        signatures = [
            base64.b64encode(bytes.fromhex(one.signature)) for one in self._envelope.signatures.values()
        ]
        pae = self._envelope.pae()
        return [key.keyid for key in keys if any(key.is_valid(one, pae) for one in signatures)]
