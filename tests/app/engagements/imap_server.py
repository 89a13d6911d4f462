"""A mailbox on this machine that speaks as much of IMAP over TLS as is asked of it, for tests."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Mail:
    """One mail of the mailbox, and what became of it. `told_size` is what the server says of it."""

    content: bytes
    flags: set[str] = field(default_factory=set)
    told_size: int | None = None


class _Conversation(socketserver.StreamRequestHandler):
    server: "ImapServer"

    def setup(self) -> None:
        self.request.settimeout(20)
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        if self.server.hangs:
            self.server.stop.wait(20)
            return
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            self.server.heard.append(rest)
            self._answer(rest)
            if rest == self.server.babbles_at:
                self.wfile.write(b"* BAD " + b"x" * 3_000_000 + b"\r\n")
            self._say(f"{tag} {self.server.refuses.get(rest.split(' ')[0], 'OK')} done")
            if rest == "LOGOUT":
                return

    def _answer(self, rest: str) -> None:
        mails = self.server.mails
        if rest == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif rest == "UID SEARCH UNSEEN":
            numbers = [str(n) for n, mail in mails.items() if r"\Seen" not in mail.flags]
            self._say(f"* SEARCH {' '.join(numbers)}")
        elif found := re.fullmatch(r"UID FETCH (\d+) \(RFC822.SIZE\)", rest):
            mail = mails[int(found[1])]
            self._say(f"* 1 FETCH (UID {found[1]} RFC822.SIZE {len(mail.content)})")
        elif found := re.fullmatch(r"UID FETCH (\d+) \(BODY.PEEK\[\]\)", rest):
            mail = mails[int(found[1])]
            size = len(mail.content) if mail.told_size is None else mail.told_size
            self.wfile.write(f"* 1 FETCH (UID {found[1]} BODY[] {{{size}}}\r\n".encode())
            self.wfile.write(mail.content + b")\r\n")
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \((.+)\)", rest):
            mails[int(found[1])].flags.add(found[2])
        elif found := re.fullmatch(r'UID COPY (\d+) "(.+)"', rest):
            self.server.moved.setdefault(found[2], []).append(int(found[1]))
        elif rest == "EXPUNGE":
            for number in [n for n, mail in mails.items() if r"\Deleted" in mail.flags]:
                del mails[number]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class ImapServer(socketserver.ThreadingTCPServer):
    """Holds `mails` by number; what was asked is in `heard`, copies in `moved`."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.mails: dict[int, Mail] = {}
        self.heard: list[str] = []
        self.moved: dict[str, list[int]] = {}
        self.refuses: dict[str, str] = {}
        self.babbles_at = ""
        self.hangs = False
        self.stop = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def take(self, content: bytes) -> int:
        """One more mail; gives its number."""
        number = max(self.mails, default=0) + 1
        self.mails[number] = Mail(content)
        return number

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever goes away in the middle is what some tests are about."""


@contextmanager
def run_imap_server(certificate: Path) -> Iterator[ImapServer]:
    """A server with this certificate (`make_certificate`), until the end of the block."""
    with ImapServer(certificate) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.stop.set()
        server.shutdown()
        thread.join()


def make_certificate(path: Path) -> Path:
    """A certificate of this machine, with its key, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
