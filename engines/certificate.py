"""The certificate for STARTTLS: one made here until the operator puts a real one in its place.

Mail servers that speak SMTP do not check names by default (rfc7435), so a self-made certificate already keeps listeners
out; it is never a reason to offer no encryption. A file that is present is never replaced before it runs out.
"""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engines.rendering import write_if_changed
from engines.site import Site, make_directory

_LIFETIME = datetime.timedelta(days=825)
_RENEW_BEFORE = datetime.timedelta(days=30)
_MARK = "Pirab self-made"


def ensure(site: Site) -> None:
    directory = make_directory(site.directory("tls"), mode=0o750)
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    if certificate.exists() and key.exists() and not _is_ours_and_old(certificate.read_bytes()):
        return
    private = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, site.environment.hostname[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _MARK),
        ]
    )
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(site.environment.hostname), x509.DNSName("localhost")]),
            critical=False,
        )
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_if_changed(key, pem.decode(), mode=0o600)
    write_if_changed(certificate, signed.public_bytes(serialization.Encoding.PEM).decode())


def _is_ours_and_old(pem: bytes) -> bool:
    certificate = x509.load_pem_x509_certificate(pem)
    ours = any(attribute.value == _MARK for attribute in certificate.subject)
    left = certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return ours and left < _RENEW_BEFORE
