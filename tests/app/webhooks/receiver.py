"""A receiver of webhooks on this machine, for tests of how they leave."""

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network

HERE = (ip_network("127.0.0.0/8"),)


@dataclass
class Receiver:
    """What it was sent, and what it answers; with `drips` it takes forever to say so."""

    url: str = ""
    status: int = 204
    drips: bool = False
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def believes(self, secret: str, at: int = -1) -> bool:
        """Whether one of the signatures of a delivery was made with `secret`."""
        head = {name.lower(): value for name, value in self.headers[at].items()}
        key = base64.b64decode(secret.split("_", 1)[1])
        said = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + self.bodies[at]
        expected = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        return f"v1,{expected}" in head["webhook-signature"].split(" ")


@contextmanager
def receive() -> Iterator[Receiver]:
    """A receiver at an address of this machine."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.headers.append(dict(self.headers.items()))
            told.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            if told.drips:
                try:
                    for _ in range(100):
                        self.wfile.write(b"H")
                        self.wfile.flush()
                        time.sleep(0.05)
                except OSError:
                    return
            self.send_response(told.status)
            self.send_header("Location", told.url)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        told.url = f"http://127.0.0.1:{server.server_port}/told?by=yinqiao"
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
