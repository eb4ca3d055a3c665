"""The hall's own certificates: a private authority that tablets learn to trust once, and the server's certificate it signs.

Browsers give no service worker, no WebCrypto and no camera to a page that came over plain HTTP or past a warning, so a server in
a workshop without the internet needs names and addresses it can prove. Private keys lie with the installation's other keys,
never in a back-up. The authority can vouch for the names of this host and for private networks alone (RFC 5280, 4.2.1.10), so
that a stolen key opens no bank.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from foundation.refusal import Refusal

AUTHORITY_YEARS = 10
SERVER_DAYS = 397  # what browsers accept of a public authority; tablets accept more of a private one, not all of them
RENEWAL_DAYS = 30
PRIVATE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa", "test")
PRIVATE_NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Papers:
    """Where certificates and keys lie in a data folder."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate: what tablets install."""
        return self.folder / "tls" / "authority.pem"

    @property
    def server(self) -> Path:
        """The server's certificate."""
        return self.folder / "tls" / "server.pem"

    @property
    def authority_key(self) -> Path:
        """The authority's private key."""
        return self.folder / "keys" / "tls-authority.pem"

    @property
    def server_key(self) -> Path:
        """The server's private key."""
        return self.folder / "keys" / "tls-server.pem"


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What stands on the server's certificate."""

    names: tuple[str, ...]
    ends_at: datetime

    def days_left(self, at: datetime) -> int:
        """Whole days until it ends; negative afterwards."""
        return (self.ends_at - at).days


def own_names() -> tuple[list[str], list[str]]:
    """This host's names and its addresses in its networks, without asking anybody outside."""
    host = socket.gethostname().split(".")[0].lower()
    names, addresses = ["localhost", host, f"{host}.local"], {"127.0.0.1", "::1"}
    for found in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
        addresses.add(str(found[4][0]).partition("%")[0])
    for family, beyond in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # A datagram socket that is connected sends nothing: it only says which own address would be used.
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((beyond, 9))
            except OSError:
                continue
            addresses.add(probe.getsockname()[0].partition("%")[0])
    return list(dict.fromkeys(names)), sorted(addresses)


def make(papers: Papers, names: Sequence[str], addresses: Sequence[str], *, at: datetime) -> bool:
    """Sign a new server certificate; True when the authority is new as well and must be installed on the tablets.

    An authority that is there stays: tablets that trust it need no second visit. Raises Refusal tls_outside_authority when it may
    not vouch for one of the names or addresses.
    """
    fresh = not (papers.authority.exists() and papers.authority_key.exists())
    if fresh:
        _make_authority(papers, names, addresses, at)
    authority = x509.load_pem_x509_certificate(papers.authority.read_bytes())
    _check_allowed(authority, names, addresses)
    key = ec.generate_private_key(ec.SECP256R1())
    signer = cast(
        ec.EllipticCurvePrivateKey, serialization.load_pem_private_key(papers.authority_key.read_bytes(), None)
    )
    made = (
        _begun(authority.subject, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]), key, at)
        .not_valid_after(min(at + timedelta(days=SERVER_DAYS), authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]
            ),
            critical=False,
        )
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(papers.server_key, _key_bytes(key), secret=True)
    _write(papers.server, made.public_bytes(serialization.Encoding.PEM))
    return fresh


def take(papers: Papers, certificate: Path, key: Path, authority: Path | None) -> None:
    """Use a certificate made elsewhere. Raises Refusal tls_files_wrong when key and certificate do not belong together."""
    try:
        given = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        trusted = x509.load_pem_x509_certificate(authority.read_bytes()) if authority else None
    except (OSError, ValueError, TypeError) as wrong:
        raise Refusal("tls_files_wrong") from wrong
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != given.public_key().public_bytes(*form):
        raise Refusal("tls_files_wrong")
    _write(papers.server_key, key.read_bytes(), secret=True)
    _write(papers.server, certificate.read_bytes())
    papers.authority.unlink(missing_ok=True)
    papers.authority_key.unlink(missing_ok=True)
    if trusted is not None:
        _write(papers.authority, trusted.public_bytes(serialization.Encoding.PEM))


def certificate_of(papers: Papers) -> ServerCertificate | None:
    """The server's certificate, or None before `flask tls init`."""
    if not papers.server.exists() or not papers.server_key.exists():
        return None
    found = x509.load_pem_x509_certificate(papers.server.read_bytes())
    try:
        alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ServerCertificate((), found.not_valid_after_utc)
    names = alternative.get_values_for_type(x509.DNSName)
    addresses = alternative.get_values_for_type(x509.IPAddress)
    return ServerCertificate((*names, *map(str, addresses)), found.not_valid_after_utc)


def address_for_people(names: Sequence[str]) -> str:
    """Of a certificate's names the one that belongs on paper: an address in the hall's network, else a name."""
    for name in names:
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            continue
        if address.version == 4 and not address.is_loopback and not address.is_link_local:
            return name
    return next((name for name in names if name != "localhost"), "localhost")


def authority_bytes(papers: Papers) -> bytes | None:
    """The authority's certificate as tablets take it (DER), or None where there is none to install."""
    if not papers.authority.exists():
        return None
    found = x509.load_pem_x509_certificate(papers.authority.read_bytes())
    return found.public_bytes(serialization.Encoding.DER)


def _make_authority(papers: Papers, names: Sequence[str], addresses: Sequence[str], at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Laurel"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Laurel 桂冠 {names[0]} {at:%Y-%m-%d}"),
        ]
    )
    networks = [ipaddress.ip_network(one) for one in PRIVATE_NETWORKS]
    foreign = [
        ipaddress.ip_network(one) for one in addresses if not any(ipaddress.ip_address(one) in n for n in networks)
    ]
    permitted = [x509.DNSName(one) for one in dict.fromkeys((*names, *PRIVATE_NAMES))]
    made = (
        _begun(title, title, key, at)
        .not_valid_after(at + timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(
            x509.NameConstraints([*permitted, *(x509.IPAddress(net) for net in (*networks, *foreign))], None),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    _write(papers.authority_key, _key_bytes(key), secret=True)
    _write(papers.authority, made.public_bytes(serialization.Encoding.PEM))


def _begun(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))  # a tablet whose clock is a little behind
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _check_allowed(authority: x509.Certificate, names: Sequence[str], addresses: Sequence[str]) -> None:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    trees = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    networks = cast(
        list[ipaddress.IPv4Network | ipaddress.IPv6Network],
        [one.value for one in permitted if isinstance(one, x509.IPAddress)],
    )
    for name in names:
        if not any(name == tree or name.endswith(f".{tree}") for tree in trees):
            raise Refusal("tls_outside_authority", name=name)
    for address in addresses:
        found = ipaddress.ip_address(address)
        if not any(found in net for net in networks):
            raise Refusal("tls_outside_authority", name=address)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes, *, secret: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    beside.replace(path)
