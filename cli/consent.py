"""`gettone consent`: what a member agrees to show to the others, given and taken back."""

from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.consents import Consents, Purpose
from gettone.db.schema import open_current
from gettone.settings import load_settings


def consent(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    member: Annotated[str, typer.Option("--member", help="First digits of the member's id, or the wallet.")],
    purpose: Annotated[
        Purpose,
        typer.Option("--purpose", help="totals: of fewer than eight by slot and day; ranking: the own place."),
    ] = Purpose.TOTALS,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="End the consent instead of giving it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Record that a member gives a consent, or withdraws it; the same again changes nothing."""
    settings = load_settings()
    at_ms = now_ms(settings)
    with open_current(settings.url) as database, database.write() as connection:
        communities, consents = Communities(connection), Consents(connection)
        found = communities.member(communities.get(community).community_id, member)
        if withdraw:
            consents.withdraw(found.member_id, purpose, at_ms)
        else:
            consents.give(found.member_id, purpose, at_ms)
        in_force = sorted(str(one) for one in consents.of_member(found.member_id))
    if as_json:
        print_json({"schema": "gettone.consent/1", "member_id": found.member_id, "in_force": in_force})
    else:
        out.print(f"{found.member_id[:8]}… consents to: {', '.join(in_force) or 'nothing'}", markup=False)
