"""The way out for mails: a server of the operator by SMTP (RFC 5321), or nowhere where none is configured."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from gettone.errors import Unreachable
from gettone.settings import Settings

TIMEOUT_S = 20


class MailSender(Protocol):
    """Hands a mail over."""

    def send(self, to: str, subject: str, body: str, message_id: str) -> None:
        """Hand over; Unreachable when the server does not take it."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Sends by the operator's server; `starttls` asks for encryption before anything is said."""

    host: str
    port: int
    sender: str
    starttls: bool
    user: str | None = None
    password: str | None = None

    def send(self, to: str, subject: str, body: str, message_id: str) -> None:
        """One mail with an id of ours, by which a server knows a repetition."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Message-ID"] = f"<{message_id}@{self.sender.rpartition('@')[2]}>"
        message.set_content(body)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except (OSError, smtplib.SMTPException):
            # The text of the failure may hold the address.
            raise Unreachable("mail_unreachable", f"the mail server {self.host}:{self.port} took no mail") from None


def sender_of(settings: Settings) -> SmtpSender:
    """The configured way out; MissingInput without one."""
    settings.require("smtp_host", "smtp_from")
    password = settings.smtp_password
    return SmtpSender(
        host=settings.smtp_host or "",
        port=settings.smtp_port,
        sender=settings.smtp_from or "",
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=None if password is None else password.get_secret_value(),
    )
