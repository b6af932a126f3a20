"""What others decide about an agreement: a verifier's check, and how a dispute is resolved."""

from sqlalchemy import Connection

from api.access import Access
from api.agreements.repository import AgreementRepository, Known
from api.agreements.schemas import CheckIn, ResolveIn
from api.context import ApiContext
from api.once import Answer
from api.operations import service as operations
from api.refusals import NotPermitted
from gettone.chain.categories import CATEGORIES
from gettone.chain.policy_values import CHECK_SOCIAL_VALUE, CHECK_SUSTAINABILITY
from gettone.chain.service_exchange import AgreementState
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.errors import Conflict


def check(connection: Connection, context: ApiContext, access: Access, agreement: str, body: CheckIn) -> Answer:
    """Record what a verifier found, once; Conflict `own_agreement` for a party."""
    known = _foreign(connection, access, agreement)
    if known.record is None or known.record.checks is not None:
        raise Conflict("state", "this agreement is not on chain yet, or was checked before")
    checks = CHECK_SUSTAINABILITY * body.sustainability + CHECK_SOCIAL_VALUE * body.social_value
    _note(connection, context, access, agreement, "agreement.check", None)
    document = {"agreement": agreement, "checks": checks}
    return operations.ask(connection, context, access, "agreement.check", document)


def resolve(connection: Connection, context: ApiContext, access: Access, agreement: str, body: ResolveIn) -> Answer:
    """Split the escrow of a dispute; the platform's administrator where the community pays, else the community's."""
    known = _foreign(connection, access, agreement)
    if known.record is None or known.record.state is not AgreementState.DISPUTED:
        raise Conflict("state", "this agreement is not disputed: there is nothing to resolve")
    by_platform = CATEGORIES[known.terms.category].is_paid_by_community
    if not any(one.role == ("PA" if by_platform else "CA") for one in access.rights):
        raise NotPermitted("not_permitted", f"{'the platform' if by_platform else 'the community'} resolves this one")
    _note(connection, context, access, agreement, "agreement.resolve", body.reason)
    document = {
        "agreement": agreement,
        "to_receiver_units": body.to_receiver_units,
        "to_structure_units": body.to_structure_units,
    }
    return operations.ask(connection, context, access, "agreement.resolve", document)


def _foreign(connection: Connection, access: Access, agreement: str) -> Known:
    known = AgreementRepository(connection, access.where.community_id).get(agreement)
    mine = {one.member_id for one in access.person.rights if one.community_id == access.where.community_id}
    if mine & set(known.parties):
        raise Conflict("own_agreement", "you are a party of this agreement: another person decides about it")
    return known


def _note(
    connection: Connection, context: ApiContext, access: Access, agreement: str, action: str, reason: str | None
) -> None:
    deed = Deed(access.person.name, action, agreement, access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())
