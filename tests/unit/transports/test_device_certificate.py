"""Certificates of devices as they are registered: read, signed by the broker's authority, named by a number."""

import hashlib
import ssl
from pathlib import Path

import pytest

from gettone.errors import InputError, MissingInput
from oracle.transports.device_certificate import read_device_certificate
from tests.factories.broker import Authority

pytestmark = pytest.mark.unit


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tls")


def test_certificate__of_device_17__is_known_by_the_digest_of_its_bytes(authority: Authority) -> None:
    path, _ = authority.issue("17")
    found = read_device_certificate(path, authority.ca_file)
    der = ssl.PEM_cert_to_DER_cert(path.read_text())
    assert (found.device_id, found.sha256) == (17, hashlib.sha256(der).digest())
    assert found.valid_to - found.valid_from == 31 * 86_400_000


@pytest.mark.parametrize("name", ["home17", "17.3", "-1", "1234567890"])
def test_certificate__without_a_number__is_refused(authority: Authority, name: str) -> None:
    path, _ = authority.issue(name)
    with pytest.raises(InputError) as refusal:
        read_device_certificate(path, authority.ca_file)
    assert refusal.value.code == "certificate_name"


def test_certificate__of_another_authority__is_refused(authority: Authority, tmp_path: Path) -> None:
    path, _ = Authority(tmp_path / "other").issue("17")
    with pytest.raises(InputError) as refusal:
        read_device_certificate(path, authority.ca_file)
    assert refusal.value.code == "certificate_issuer"


def test_certificate__no_certificate__is_missing(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("hello")
    for path in (tmp_path / "x.pem", tmp_path / "none.pem"):
        with pytest.raises(MissingInput):
            read_device_certificate(path, authority.ca_file)
