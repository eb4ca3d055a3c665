"""What somebody needs to check an issuer's certificates without this platform: keys, status lists, signed roots. And the check.

The file names nobody: keys, bits and hashes. It is as old as the day it was fetched: what was revoked later it cannot know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from certification.certificates import credentials
from certification.certificates.queries import credentials as queries
from certification.certificates.queries import keys
from certification.filings.models import EvaluationOrganization
from certification.rules import status_list
from foundation.print.signatures import fingerprint_of, signature_holds, signature_in

SCHEMA = "laurel.verification"


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """genuine | ended | altered | unlisted (no root covers the file) | incomplete (the file at hand lacks something) |
    key_unknown | foreign. `passed` names the steps that held."""

    code: str
    passed: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def bundle(issuer: EvaluationOrganization, *, public_url: str, at: datetime) -> dict[str, Any]:
    """Everything published about one issuer. Raises Refusal signing_key_unreadable."""
    key = credentials.key_for(issuer.id, at)
    lists = [] if key is None else [
        credentials.status_list_token(
            issuer.id, number, queries.ended_places(issuer.id, number), key, public_url=public_url, at=at
        )
        for number in queries.list_numbers(issuer.id)
    ]  # fmt: skip
    return {
        "schema": SCHEMA,
        "version": 1,
        "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "issuer": {"id": str(issuer.id), "name": issuer.name, "did": credentials.did(public_url, issuer.id)},
        "certificates": [row.public_key for row in keys.keys_of(issuer.id)],
        "keys": [credentials.jwk(row) for row in queries.credential_keys(issuer.id)],
        "status": lists,
        "roots": [{"token": row.token, "leaves": row.leaves} for row in queries.roots(issuer.id)],
    }


# --- checking with nothing but the file at hand -----------------------------------------------------------------------


def check(data: bytes, bundles: Sequence[Mapping[str, Any]]) -> OfflineVerdict:
    """Is this file or credential genuine and in force, as far as these bundles know? Reads nothing else."""
    token = credentials.token_in(data)
    if token is not None and not data.startswith(b"%PDF"):
        return _check_token(token, bundles, ())
    found = signature_in(data)
    if found is None:
        return OfflineVerdict("foreign")
    for one in bundles:
        chains = [x509.load_pem_x509_certificates(pem.encode())[0] for pem in one["certificates"]]
        own = next((chain for chain in chains if fingerprint_of(chain) == found.fingerprint), None)
        if own is None:
            continue
        if not signature_holds(found, own):
            return OfflineVerdict("altered", facts={"issuer": one["issuer"]["name"]})
        return _check_signed(data, token, one)
    return OfflineVerdict("key_unknown", facts={"fingerprint": found.fingerprint})


def _check_signed(data: bytes, token: str | None, one: Mapping[str, Any]) -> OfflineVerdict:
    if token is None:
        return OfflineVerdict("incomplete", ("signature",), {"issuer": one["issuer"]["name"]})
    verdict = _check_token(token, [one], ("signature",))
    if verdict.code != "genuine":
        return verdict
    if not _covered(hashlib.sha256(data).hexdigest(), one):
        return OfflineVerdict("unlisted", verdict.passed, verdict.facts)
    return OfflineVerdict("genuine", (*verdict.passed, "root"), verdict.facts)


def _check_token(token: str, bundles: Iterable[Mapping[str, Any]], passed: tuple[str, ...]) -> OfflineVerdict:
    for one in bundles:
        known = {key["kid"]: key for key in one["keys"]}
        try:
            said = credentials.opened(token, known, credentials.CREDENTIAL)
        except LookupError:
            continue
        except credentials.TokenWrong:
            return OfflineVerdict("altered", passed, {"issuer": one["issuer"]["name"]})
        facts = facts_of(said)
        ended = _ended(said["credentialStatus"], one, known)
        if ended is None:
            return OfflineVerdict("incomplete", (*passed, "credential"), facts)
        return OfflineVerdict("ended" if ended else "genuine", (*passed, "credential", "status"), facts)
    return OfflineVerdict("key_unknown", passed)


def facts_of(said: Mapping[str, Any]) -> dict[str, str]:
    """What a credential says, for showing."""
    named = {one["identityType"]: one["identityHash"] for one in said["credentialSubject"]["identifier"]}
    return {
        "issuer": said["issuer"]["name"], "number": named.get("ext:certificateNumber", ""), "name": named.get("name", ""),
        "title": said["name"], "valid_from": said["validFrom"][:10],
    }  # fmt: skip


def _ended(entry: Mapping[str, str], one: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> bool | None:
    for token in one["status"]:
        try:
            listed = credentials.opened(token, known, credentials.STATUS)
        except (LookupError, credentials.TokenWrong):
            continue
        if listed["id"] == entry["statusListCredential"]:
            return status_list.is_set(listed["credentialSubject"]["encodedList"], int(entry["statusListIndex"]))
    return None


def _covered(sha256: str, one: Mapping[str, Any]) -> bool:
    leaf, known = status_list.leaf(sha256), {key["kid"]: key for key in one["keys"]}
    for root in one["roots"]:
        if leaf not in root["leaves"]:
            continue
        try:
            said = credentials.opened(root["token"], known, credentials.ROOT)
        except (LookupError, credentials.TokenWrong):
            continue
        if said["size"] == len(root["leaves"]) and said["root"] == status_list.merkle_root(root["leaves"]):
            return True
    return False
