"""A mail server that takes mails on this machine and keeps them, for tests of how mail leaves."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


class _Conversation(socketserver.StreamRequestHandler):
    server: "SmtpServer"

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line.decode("ascii").strip()
            verb = command.split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._say("354 go on")
                self._take()
                continue
            if verb == "AUTH":
                self.server.log_ins.append(command)
            if verb == "EHLO":
                self._say("250-this machine")
                self._say("250 AUTH PLAIN")
                continue
            if verb in ("MAIL", "RCPT"):
                self.server.envelopes.append(command)
            answers = {"RCPT": self.server.answer_to_recipient, "AUTH": "235 welcome"}
            self._say(answers.get(verb, "250 fine"))

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(message, EmailMessage)
        self.server.taken.append(message)
        self._say(self.server.answer_to_data)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode("ascii"))


class SmtpServer(socketserver.ThreadingTCPServer):
    """Keeps what it took in `taken`; its answers can be changed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[EmailMessage] = []
        self.log_ins: list[str] = []
        # The commands that say from whom and to whom, of which none may be beyond ASCII.
        self.envelopes: list[str] = []
        self.answer_to_recipient = "250 fine"
        self.answer_to_data = "250 taken"
        self.connections = 0

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever is killed in the middle of a mail says no good-bye."""

    def process_request(self, request: object, client_address: object) -> None:
        """Count whoever connects."""
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]


@contextmanager
def run_smtp_server() -> Iterator[SmtpServer]:
    """The server, listening until the block ends."""
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
