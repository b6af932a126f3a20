"""Mails go out once, in the person's language, and unwanted ones do not."""

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from gettone.db.engine import Database
from gettone.db.repositories.mails import Mails
from gettone.db.repositories.people import People
from gettone.db.tables import Mail
from gettone.errors import Unreachable
from gettone.vault import Vault
from oracle.mail.send import send_waiting
from oracle.mail.sender import SmtpSender
from oracle.mail.words import kinds, mail_words
from tests.factories.working import START_MS, MovedClock

pytestmark = pytest.mark.database
VAULT = Vault(bytes(range(32)))


@dataclass
class KeptMails:
    """The twin of a mail server."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    is_away: bool = False

    def send(self, to: str, subject: str, body: str, message_id: str) -> None:
        if self.is_away:
            raise Unreachable("mail_unreachable", "away")
        self.sent.append((to, subject, message_id))


@pytest.fixture
def person(database: Database) -> str:
    with database.write() as connection:
        return People(connection, VAULT).meet("anna", "Anna", "Rossi", "anna@example.org", START_MS)


def write(database: Database, person: str, kind: str = "message", event: str = "1") -> None:
    fields = {"agent": "firefox"} if kind == "login_anomalous" else {}
    with database.write() as connection:
        Mails(connection).add(person, kind, event, fields, START_MS)


def send(database: Database, server: KeptMails, clock: MovedClock | None = None) -> dict[str, int]:
    return send_waiting(database, VAULT, server, clock or MovedClock(), lambda: None)


def test_send__one_event_told_twice__is_one_mail(database: Database, person: str) -> None:
    server = KeptMails()
    for _ in range(2):
        write(database, person)
    assert send(database, server) == {"sent": 1}
    assert send(database, server) == {}
    assert [one[:2] for one in server.sent] == [("anna@example.org", "Un messaggio della tua comunità")]


def test_send__language_of_the_person__is_theirs(database: Database, person: str) -> None:
    server = KeptMails()
    with database.write() as connection:
        People(connection, VAULT).prefer(person, "en", None)
    write(database, person)
    send(database, server)
    assert server.sent[0][1] == "A message of your community"


def test_send__unwanted_kind__is_left_out_but_never_one_about_safety(database: Database, person: str) -> None:
    server = KeptMails()
    with database.write() as connection:
        People(connection, VAULT).prefer(person, None, ["message", "login_anomalous"])
    write(database, person)
    write(database, person, "login_anomalous")
    assert send(database, server) == {"unwanted": 1, "sent": 1}


def test_send__server_away__is_tried_again_after_pauses_and_given_up(database: Database, person: str) -> None:
    server, clock = KeptMails(is_away=True), MovedClock()
    write(database, person)
    tries = 0
    for _ in range(400):
        tries += send(database, server, clock).get("postponed", 0)
        clock.move(60)
    assert tries == 8
    with database.read() as connection:
        assert connection.execute(select(Mail.due_at, Mail.sent_at)).one() == (None, None)


def test_mails__stored__hold_neither_name_nor_address(database: Database, person: str) -> None:
    write(database, person)
    with database.read() as connection:
        row = str(connection.execute(select(*Mail.__table__.columns)).one())
    assert "anna" not in row.lower()


@pytest.fixture
def mailbox() -> Iterator[tuple[int, list[bytes]]]:
    """A mail server on loopback, and what it took."""
    taken: list[bytes] = []

    class Keeper:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
            taken.append(envelope.content)  # type: ignore[attr-defined]
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Keeper(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, taken
    controller.stop()


def test_smtp__real_server__takes_a_mail_in_utf_8(mailbox: tuple[int, list[bytes]]) -> None:
    port, taken = mailbox
    SmtpSender("127.0.0.1", port, "gettone@example.org", starttls=False).send("a@b.it", "È pronto", "così\n", "id-1")
    message = email.message_from_bytes(taken[0], policy=email.policy.default)
    assert (message["Subject"], message["Message-ID"]) == ("È pronto", "<id-1@example.org>")
    assert message.get_content().replace("\r\n", "\n") == "così\n"


def test_smtp__no_server__says_so_without_the_address() -> None:
    with pytest.raises(Unreachable) as refusal:
        SmtpSender("127.0.0.1", 9, "gettone@example.org", starttls=False).send("anna@example.org", "x", "y", "1")
    assert "anna" not in refusal.value.message


@pytest.mark.parametrize("kind", kinds())
def test_words__each_kind__differs_between_the_languages(kind: str) -> None:
    fields = {"agent": "firefox", "date": "1/2/2026", "community": "Fontana", "link": "https://app.example.org"}
    english, italian = mail_words(kind, fields, "en"), mail_words(kind, fields, "it")
    assert english[0] != italian[0]
    assert english[1] != italian[1]
