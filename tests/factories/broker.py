"""A private Mosquitto over TLS with a certificate authority of its own, for tests and measurements."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Authority:
    """A certificate authority in a folder: `ca.pem`, and one server certificate for the loopback."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file, self.cert_file, self.key_file = (folder / name for name in ("ca.pem", "server.pem", "server.key"))
        ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gettone test authority")])
        self._issuer, self._key = issuer, ca_key
        authority = _builder(issuer, issuer, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), True)
        self.ca_file.write_bytes(authority.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        server = _builder(subject, issuer, server_key.public_key()).add_extension(names, False)
        self.cert_file.write_bytes(server.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        self.key_file.write_bytes(_pem(server_key))

    def context(self, identity: str | None = None) -> ssl.SSLContext:
        """What a client needs to trust the server; with `identity` it proves itself by a certificate of that name."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        if identity is not None:
            context.load_cert_chain(*self.issue(identity))
        return context

    def issue(self, name: str) -> tuple[Path, Path]:
        """A certificate with a common name, and its key: two files."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = _builder(subject, self._issuer, key.public_key()).sign(self._key, hashes.SHA256())
        files = self.ca_file.with_name(f"{name}.pem"), self.ca_file.with_name(f"{name}.key")
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(_pem(key))
        return files


class Broker:
    """One Mosquitto: started, stopped, killed and started again on the same port with the same sessions."""

    def __init__(self, folder: Path, config: Path, port: int) -> None:
        self.port, self._folder, self._config = port, folder, config
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the port answers."""
        program = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")
        assert program, "Mosquitto is not installed: scripts/setup.sh mosquitto"
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen([program, "-c", str(self._config)], stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise AssertionError((self._folder / "broker.log").read_text())

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stop it: politely, so that it saves its sessions, or the hard way."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def reload(self) -> None:
        """Let it read its password and permission files again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)


@contextmanager
def running_broker(folder: Path, config: Path, port: int) -> Iterator[Broker]:
    """A broker for the length of the block."""
    broker = Broker(folder, config, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )
