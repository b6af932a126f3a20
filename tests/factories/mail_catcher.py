"""The smallest mail server: takes every message on loopback and keeps it."""

import email
import email.policy
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class MailCatcher:
    """Messages by receiver, in the order in which they came."""

    def __init__(self) -> None:
        self.port = 0
        self._arrived = threading.Condition()
        self._mails: list[tuple[str, EmailMessage]] = []

    def keep(self, receiver: str, raw: bytes) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        with self._arrived:
            self._mails.append((receiver, message))
            self._arrived.notify_all()

    def texts_to(self, receiver: str) -> list[str]:
        """Subject and plain text of all messages to that address."""
        with self._arrived:
            return [_text_of(message) for to, message in self._mails if to == receiver]

    def link_to(self, receiver: str, count: int = 1) -> str:
        """The link in the message number `count` to that address; waits up to ten seconds for it."""
        ends = time.monotonic() + 10
        with self._arrived:
            while len([to for to, _ in self._mails if to == receiver]) < count:
                assert self._arrived.wait(ends - time.monotonic()), f"no message number {count} to {receiver}"
        found = re.search(r"https?://\S+", self.texts_to(receiver)[count - 1])
        assert found is not None
        return found.group(0).rstrip(">)")


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return f"{message['Subject']}\n{body.get_content() if body is not None else ''}"


@contextmanager
def mail_catcher() -> Iterator[MailCatcher]:
    """A catcher on a free port, gone afterwards."""
    catcher = MailCatcher()

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            receiver = ""
            self.say("220 catcher")
            for raw in self.rfile:
                verb = raw.decode().strip()
                if verb.upper().startswith("RCPT TO:"):
                    receiver = verb[8:].strip().strip("<>")
                if verb.upper() == "DATA":
                    self.say("354 go on")
                    catcher.keep(receiver, self._message())
                self.say("221 bye" if verb.upper() == "QUIT" else "250 ok")
                if verb.upper() == "QUIT":
                    return

        def _message(self) -> bytes:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line[1:] if line.startswith(b"..") else line)
            return b"".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        catcher.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield catcher
        finally:
            server.shutdown()
            thread.join()
