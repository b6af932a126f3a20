"""Mails that wait are handed to the mail server."""

from oracle.mail.send import send_waiting
from oracle.mail.sender import sender_of
from oracle.worker.job import Run, Summary


def send_mails(run: Run) -> Summary:
    """Send what is due."""
    place = run.place
    return send_waiting(place.database, place.vault(), sender_of(place.settings), place.clock, run.step)
