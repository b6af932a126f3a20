"""Mails that wait are handed over, each once as far as a mail server allows."""

from collections import Counter
from collections.abc import Callable

from gettone.db.engine import Database
from gettone.db.repositories.mails import Mails, WaitingMail
from gettone.db.repositories.people import People, Person
from gettone.errors import MissingInput, Unreachable
from gettone.vault import Vault
from oracle.mail.sender import MailSender
from oracle.mail.words import is_safety, mail_words


def send_waiting(
    database: Database, vault: Vault, sender: MailSender, clock: Callable[[], int], step: Callable[[], None]
) -> dict[str, int]:
    """Send what is due; how many were sent, unwanted, undeliverable or postponed.

    A try is stored before it is made: a process that dies while it sends may send that mail again a minute later,
    and the mail's own id tells the server that it is the same.
    """
    done: Counter[str] = Counter()
    with database.read() as connection:
        due = Mails(connection).due(clock())
    for mail in due:
        step()
        with database.write() as connection:
            Mails(connection).try_now(mail, clock())
        done[_send(database, vault, sender, mail, clock)] += 1
    return dict(done)


def _send(database: Database, vault: Vault, sender: MailSender, mail: WaitingMail, clock: Callable[[], int]) -> str:
    person = _person(database, vault, mail.user_id)
    if person is None:
        return _ended(database, mail, clock, "undeliverable")
    if mail.kind in person.unwanted_mails and not is_safety(mail.kind):
        return _ended(database, mail, clock, "unwanted")
    subject, body = mail_words(mail.kind, mail.fields, person.language)
    try:
        sender.send(person.email, subject, body, mail.mail_id)
    except Unreachable:
        return "postponed"
    return _ended(database, mail, clock, "sent")


def _ended(database: Database, mail: WaitingMail, clock: Callable[[], int], how: str) -> str:
    with database.write() as connection:
        Mails(connection).sent(mail.mail_id, clock())
    return how


def _person(database: Database, vault: Vault, user_id: str) -> Person | None:
    try:
        with database.read() as connection:
            return People(connection, vault).person(user_id)
    except MissingInput:
        return None
