"""Suppliers and flows in the database."""

from collections.abc import Mapping

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from gettone.db.repositories.codes import require_codes
from gettone.db.repositories.source_settings import FlowSettings, SourceSettings, SupplierRow

DOMAINS = {
    "gdpr_class": "gdpr_classification",
    "send_frequency": "frequency",
    "send_derogation": "frequency_derogation",
    "measure_frequency": "frequency",
    "measure_derogation": "frequency_derogation",
    "measurement_type": "measurement_type",
}


def suppliers(context: ApiContext, access: Access, after: int | None, limit: int) -> list[SupplierRow]:
    """Suppliers of the community, behind a number."""
    with context.database.read() as connection:
        return SourceSettings(connection, access.where.community_id).suppliers(after, limit)


def flows(context: ApiContext, access: Access, after: int | None, limit: int) -> list[FlowSettings]:
    """Flows of the community, behind a number."""
    with context.database.read() as connection:
        return SourceSettings(connection, access.where.community_id).flows(after, limit)


def require_words(connection: Connection, facts: Mapping[str, object]) -> None:
    """InputError, whose code is the domain, for a fact that is none of its codes."""
    for name, domain in DOMAINS.items():
        if (word := facts.get(name)) is not None:
            require_codes(connection, domain, [str(word)])
