"""The stand-alone verifier on a take-out in memory."""

from api.context import ApiContext
from api.refusals import Invalid
from api.verification import repository
from api.verification.schemas import VerdictBody
from gettone.errors import InputError
from gettone.notary.verify.run import verify_takeout
from gettone.verifier import GettoneRules


def verify(context: ApiContext, content: bytes, community: str | None) -> VerdictBody:
    """Verdict of a take-out; Invalid for bytes that are no take-out at all."""
    trust = repository.trust_of(context, community)
    try:
        report = verify_takeout(content, trust.view(), GettoneRules())
    except InputError as refusal:
        raise Invalid("invalid", refusal.message, fields=(("/body", refusal.code),)) from None
    return VerdictBody.model_validate(report.to_document())
