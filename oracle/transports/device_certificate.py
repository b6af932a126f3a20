"""The certificate by which a device is known to the broker: its common name is the number of the device (§3.2)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gettone.errors import InputError, MissingInput

_DIGITS = 9


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """A certificate of a device, by the SHA-256 of its bytes (DER), valid over [valid_from, valid_to) [unix ms]."""

    device_id: int
    sha256: bytes
    valid_from: int
    valid_to: int


def read_device_certificate(path: Path, authority: Path) -> DeviceCertificate:
    """The certificate in `path` (PEM), which the authority of the broker signed.

    MissingInput for a file that is none; InputError `certificate_issuer` where another authority signed it,
    `certificate_name` where its common name is not the number of a device.
    """
    own, issuer = _certificate(path), _certificate(authority)
    try:
        own.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        raise InputError(
            "certificate_issuer",
            f"{path} is not signed by the authority in {authority}: the broker would not let the device in",
        ) from None
    names = [str(one.value) for one in own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if len(names) != 1 or not (names[0].isascii() and names[0].isdecimal() and len(names[0]) <= _DIGITS):
        raise InputError(
            "certificate_name",
            f"{path} has not the number of a device as its one common name: the broker knows a device by it",
        )
    valid = (int(one.timestamp() * 1000) for one in (own.not_valid_before_utc, own.not_valid_after_utc))
    return DeviceCertificate(int(names[0]), hashlib.sha256(own.public_bytes(Encoding.DER)).digest(), *valid)


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise MissingInput("certificate_unreadable", f"{path} is no readable certificate in PEM") from None
