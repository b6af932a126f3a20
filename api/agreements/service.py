"""Agreements: written down with their words, and shown with what they will move."""

import hashlib
import secrets
from datetime import datetime

from fastapi import Response
from sqlalchemy import Connection

from api.access import Access
from api.agreements.repository import AgreementRepository, Known, places
from api.agreements.schemas import AgreementBody, AgreementIn, IncentiveBody, LegBody
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.pages import Page, Paging
from api.refusals import Invalid, NotFound
from gettone.chain.agreement import Terms
from gettone.chain.categories import Kind
from gettone.db.repositories.agreement_drafts import DraftRow
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.economy.agreements import terms_document
from gettone.economy.legs import COMMUNITY, funding_of, incentive_of, legs_of
from gettone.errors import InputError


def list_agreements(context: ApiContext, access: Access, paging: Paging, response: Response) -> Page[AgreementBody]:
    """The caller's agreements on chain, the latest first; all of the community for its administrator."""
    before = None if paging.after is None else (int(paging.after[0]), bytes.fromhex(str(paging.after[1])))
    with context.database.read() as connection:
        repository = AgreementRepository(connection, access.where.community_id)
        found = repository.on_chain(None if access.sees_everybody else access.own_member_id, before, paging.fetch)
        items = [body_of(repository, one) for one in found]
    return paging.page(response, items, places(found))


def read_agreement(context: ApiContext, access: Access, agreement: str) -> AgreementBody:
    """One agreement of the caller."""
    with context.database.read() as connection:
        repository = AgreementRepository(connection, access.where.community_id)
        return body_of(repository, require_mine(access, repository.get(agreement)))


def write_down(connection: Connection, context: ApiContext, access: Access, body: AgreementIn) -> Answer:
    """Write terms and words down as one of the parties; nothing is on chain until somebody accepts."""
    repository, own = AgreementRepository(connection, access.where.community_id), access.own_member_id
    terms = _terms(body)
    known = Known(terms.agreement_id(), terms, None, None)
    if own is not None and own not in known.parties:
        fields = (("/body/provider", "party"),)
        raise Invalid("invalid", "you are no party of this: write agreements down for yourself", fields=fields)
    row = DraftRow(known.agreement_id, own or "00" * 32, terms, body.text, context.clock())
    repository.add(row)
    agreement = "0x" + known.agreement_id.hex()
    deed = Deed(access.person.name, "agreement.write", agreement, access.where.community_id, after=_said(terms))
    AuditTrail(connection).append(deed, context.clock())
    shown = body_of(repository, Known(known.agreement_id, terms, None, row))
    place = f"/api/v1/communities/{access.where.slug}/agreements/{agreement}"
    return Answer(201, shown.model_dump(mode="json"), {"Location": place})


def require_mine(access: Access, known: Known) -> Known:
    """NotFound for whom it does not concern: neither party nor administrator."""
    if not access.sees_everybody and access.own_member_id not in known.parties:
        raise NotFound("not_found", "there is no such agreement of yours")
    return known


def body_of(repository: AgreementRepository, known: Known) -> AgreementBody:
    """An agreement as its parties see it, with the rules of the indexed block."""
    terms, record, now_s = known.terms, known.record, repository.now_s()
    incentive = incentive_of(terms, repository.incentive(terms, now_s))
    legs = legs_of(terms, repository.fees(now_s))
    return AgreementBody(
        id="0x" + known.agreement_id.hex(),
        state="draft" if record is None else record.state.name.lower(),
        category=terms.category,
        kind=terms.kind.name.lower(),  # type: ignore[arg-type] # the names of the kinds are those words
        provider=terms.provider,
        payers=list(terms.payers),
        structure=terms.structure,
        price_units=terms.price_units,
        compensation_units=terms.compensation_units,
        deposit_units=terms.deposit_units,
        duration_minutes=terms.duration_minutes,
        deadline=instant_text(terms.deadline_s * 1000),
        return_by=instant_text(terms.return_by_s * 1000) if terms.return_by_s else None,
        text=None if known.draft is None else known.draft.text,
        text_sha256="0x" + terms.content_hash.hex(),
        funding_units=dict(funding_of(terms)),
        legs=[
            LegBody.model_validate(
                {"receiver": one.receiver, "net_units": one.net_units, "fee_units": one.fee_units, "what": one.what}
            )
            for one in legs
        ],
        incentive=IncentiveBody(
            provider_units=incentive.provider_units,
            payers_units=incentive.payers_units,
            required_checks=incentive.required_checks,
        ),
        consents=[] if record is None else [one or COMMUNITY for one in record.consents],
        confirmed=[] if record is None else list(record.confirmed),
        checks=None if record is None else record.checks,
        terms=terms_document(terms),
    )


def _terms(body: AgreementIn) -> Terms:
    try:
        return Terms(
            category=body.category,
            kind=Kind[body.kind.upper()],
            provider=body.provider,
            payers=tuple(sorted(body.payers)),
            price_units=int(body.price_units),
            deadline_s=_second(body.deadline),
            content_hash=hashlib.sha256(body.text.encode()).digest(),
            salt=secrets.token_bytes(32),
            structure=body.structure,
            compensation_units=int(body.compensation_units),
            deposit_units=int(body.deposit_units),
            duration_minutes=body.duration_minutes,
            return_by_s=0 if body.return_by is None else _second(body.return_by),
        )
    except InputError as refusal:
        field = refusal.message.partition(" ")[0].removesuffix("_s")
        raise Invalid("invalid", refusal.message, fields=((f"/body/{field}", "agreement_terms"),)) from None


def _second(instant: datetime) -> int:
    return int(instant.timestamp())


def _said(terms: Terms) -> dict[str, str | int]:
    return {"category": terms.category, "price_units": str(terms.price_units), "text": "0x" + terms.content_hash.hex()}
