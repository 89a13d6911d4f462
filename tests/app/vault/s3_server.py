"""A server that speaks as much of the S3 protocol as a store of files needs, on loopback.

It keeps objects in memory, gives lists in pages of two, asks for a signature of the right key, and
can be told to fail.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS_KEY = "access"
SECRET_KEY = "secret/with+signs"
BUCKET = "documents"
_PAGE = 2


class S3Server(ThreadingHTTPServer):
    """`objects` by their names; `failures` is how many of the next requests are answered 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.failures = 0
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """As `YINQIAO_DOCUMENTS_URL` names it."""
        secret = SECRET_KEY.replace("/", "%2F").replace("+", "%2B")
        return f"s3+http://{ACCESS_KEY}:{secret}@127.0.0.1:{self.server_port}/{BUCKET}/vault"


class _Handler(BaseHTTPRequestHandler):
    server: S3Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _begin(self) -> str | None:
        """The object's name; None when the request has been answered."""
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        parts = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.server.asked.append(f"{self.command} {parts.path}")
        bucket, _, name = unquote(parts.path).lstrip("/").partition("/")
        if self.server.failures:
            self.server.failures -= 1
            self._fail(503, "SlowDown")
        elif f"Credential={ACCESS_KEY}/" not in self.headers.get("Authorization", ""):
            self._fail(403, "InvalidAccessKeyId")
        elif bucket != BUCKET:
            self._fail(404, "NoSuchBucket")
        else:
            return name
        return None

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _fail(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self._answer(status, body, Content_Type="application/xml")

    def do_PUT(self) -> None:
        """Keep an object, unpacking the chunks in which it was signed."""
        name = self._begin()
        if name is None:
            return
        content = self.body
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = b"".join(_read_chunks(content))
        self.server.objects[name] = (content, datetime.now(UTC))
        self._answer(200, ETag=f'"{md5(content, usedforsecurity=False).hexdigest()}"')

    def do_GET(self) -> None:
        """Give an object, or a page of the list."""
        name = self._begin()
        if name is None:
            return
        if not name:
            self._answer(200, self._list().encode(), Content_Type="application/xml")
        elif name in self.server.objects:
            content, modified = self.server.objects[name]
            self._answer(200, content, Last_Modified=f"{modified:%a, %d %b %Y %H:%M:%S GMT}")
        else:
            self._fail(404, "NoSuchKey")

    def do_DELETE(self) -> None:
        """Forget an object; one that is not there is forgotten too."""
        name = self._begin()
        if name is not None:
            self.server.objects.pop(name, None)
            self._answer(204)

    def _list(self) -> str:
        after = self.query.get("continuation-token", "")
        prefix = self.query.get("prefix", "")
        names = sorted(n for n in self.server.objects if n.startswith(prefix) and n > after)
        items = "".join(
            f"<Contents><Key>{escape(name)}</Key>"
            f"<LastModified>{self.server.objects[name][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<Size>{len(self.server.objects[name][0])}</Size></Contents>"
            for name in names[:_PAGE]
        )
        is_cut = len(names) > _PAGE
        token = (
            f"<NextContinuationToken>{names[_PAGE - 1]}</NextContinuationToken>" if is_cut else ""
        )
        return (
            f"<ListBucketResult><Name>{BUCKET}</Name><IsTruncated>{str(is_cut).lower()}"
            f"</IsTruncated>{token}{items}</ListBucketResult>"
        )


def _read_chunks(body: bytes) -> Iterator[bytes]:
    while body:
        header, _, body = body.partition(b"\r\n")
        size = int(header.partition(b";")[0], 16)
        if not size:
            return
        yield body[:size]
        body = body[size + 2 :]


@contextmanager
def run_s3() -> Iterator[S3Server]:
    """The server, for as long as the `with`."""
    server = S3Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
