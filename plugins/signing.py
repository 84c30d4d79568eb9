"""Ed25519 signatures over files that a drill writes: the key's holder wrote them, nobody changed them since.

The private key comes from the environment, the public one from the private, or from a file that the plan
names. A signature is that of `openssl pkeyutl -sign -rawin`, in base64 on one line; `cosign verify-blob
--key` reads it too. What a key in the operator's own environment cannot prove is that the operator is honest.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from plugins.errors import DrillError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VARIABLE = "DRILL_EVIDENCE_KEY"
_HINT = "Make one with: openssl genpkey -algorithm ed25519 (and its public part with openssl pkey -pubout)."


class Key:
    """What signatures are made and checked with; either half may be missing. Its repr shows nothing."""

    def __init__(self, private: Ed25519PrivateKey | None, public: Ed25519PublicKey | None) -> None:
        self._private, self._public = private, public

    @property
    def signs(self) -> bool:
        """Whether there is a private key."""
        return self._private is not None

    @property
    def verifies(self) -> bool:
        """Whether there is a public key."""
        return self._public is not None

    @property
    def keyid(self) -> str:
        """SHA-256 of the public key (DER, SubjectPublicKeyInfo) in hex. Raises DrillError without one."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        if self._public is None:
            raise DrillError("there is no public key")
        told = self._public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(told).hexdigest()

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes, as one line of base64. Raises DrillError without a private key."""
        if self._private is None:
            raise DrillError("there is no key to sign with", hint=f"Set {VARIABLE}. {_HINT}")
        return base64.b64encode(self._private.sign(data)) + b"\n"

    def is_valid(self, signature: bytes, data: bytes) -> bool:
        """Whether a signature is of these bytes, by this key. Raises DrillError without a public key."""
        from cryptography.exceptions import InvalidSignature

        if self._public is None:
            raise DrillError(
                "there is no key to check a signature with",
                hint=f"Name its file as public_key in [evidence] of the plan, or set {VARIABLE}.",
            )
        try:
            self._public.verify(base64.b64decode(signature.strip(), validate=True), data)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def key_of(environ: Mapping[str, str], public: Path | None) -> Key:
    """The keys there are: the private one of the environment, the public one of the file that the plan names.

    Raises DrillError for a key that cannot be read, or is none of Ed25519.
    """
    private = _private(environ[VARIABLE]) if environ.get(VARIABLE) else None
    if public is not None:
        return Key(private, _public(public))
    return Key(private, private.public_key() if private else None)


def public_key_of(path: Path) -> Key:
    """A public key of a file, to check signatures with. Raises DrillError for a file without one."""
    return Key(None, _public(path))


def _private(text: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key: object
    try:
        # A variable of a CI system may hold its line ends as two characters.
        key = load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise DrillError(f"{VARIABLE} holds no private Ed25519 key in PEM", hint=_HINT)
    return key


def _public(path: Path) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key: object
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise DrillError(
            f"the public key {path.name} cannot be read ({error.strerror})",
            hint="Name a file; a relative public_key in [evidence] starts at the plan.",
        ) from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise DrillError(f"{path.name} holds no public Ed25519 key in PEM", hint=_HINT)
    return key
