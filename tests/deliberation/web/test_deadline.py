"""The limit holds on whatever way one asks somebody outside: through TLS, and through a proxy."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deliberation.web.deadline import within

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and certificate of 127.0.0.1, by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def dripping() -> Iterator[Callable[[ssl.SSLContext | None], int]]:
    """Starts a server that answers a byte at a time for ever; its port."""
    over, doors = threading.Event(), list[socket.socket]()

    def serve(door: socket.socket, secured: ssl.SSLContext | None) -> None:
        try:
            plain, _ = door.accept()
            with secured.wrap_socket(plain, server_side=True) if secured else plain as caller:
                caller.recv(65536)
                caller.sendall(ANSWER)
                while not over.wait(0.05):
                    caller.sendall(b" ")
        except OSError:
            return

    def start(secured: ssl.SSLContext | None) -> int:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)
        threading.Thread(target=serve, args=(door, secured), daemon=True).start()
        port: int = door.getsockname()[1]
        return port

    yield start
    over.set()
    for door in doors:
        door.close()


def ended(client: httpx2.Client, address: str) -> bool:
    """Whether what it asks there ends by itself, by the limit: it would go on for ever."""
    found: list[Exception] = []

    def ask() -> None:
        try:
            client.get(address)
        except httpx2.TimeoutException as late:
            found.append(late)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(60)
    return bool(found)


def test_a_drip_through_tls_ends(certificate: Path, dripping: Callable[[ssl.SSLContext | None], int]) -> None:
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate)
    port = dripping(secured)
    with httpx2.Client(
        verify=ssl.create_default_context(cafile=str(certificate)), timeout=30, trust_env=False
    ) as client:
        within(client, 3.0)
        assert ended(client, f"https://127.0.0.1:{port}/")


def test_a_drip_from_a_proxy_ends(dripping: Callable[[ssl.SSLContext | None], int]) -> None:
    with httpx2.Client(proxy=f"http://127.0.0.1:{dripping(None)}", timeout=30, trust_env=False) as client:
        within(client, 3.0)
        assert ended(client, "http://council.example/")
