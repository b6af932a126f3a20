"""The messages that a demonstration would have sent, for reading on the same computer."""

from html import escape

from fastapi import APIRouter, Request, Response

from api.embedded_idp.pages import document
from api.embedded_idp.texts import language_of, text
from api.embedded_idp.visits import realm_of, transaction_of

router = APIRouter(include_in_schema=False)
SHOWN = 100


@router.get("/demo/outbox")
def outbox(request: Request) -> Response:
    """The last messages, the newest first."""
    language = language_of(request.query_params.get("kc_locale"), request.headers.get("accept-language", ""))
    with transaction_of(realm_of(request)) as db:
        rows = db.sql.execute("SELECT receiver, subject, body FROM mails ORDER BY id DESC LIMIT ?", (SHOWN,)).fetchall()
    items = "".join(
        f"<article><h2>{escape(subject)}</h2><p>{escape(receiver)}</p><pre>{_linked(body)}</pre></article>"
        for receiver, subject, body in rows
    )
    return document(f"<h1>{escape(text('outbox', language))}</h1>{items}", text("outbox", language), language)


def _linked(body: str) -> str:
    """A message with its links to follow."""
    lines = (
        f'<a href="{escape(line)}">{escape(line)}</a>' if line.startswith("http") else escape(line)
        for line in body.splitlines()
    )
    return "\n".join(lines)
