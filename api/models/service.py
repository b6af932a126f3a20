"""Models from the chain: what was, is and will be in force."""

from datetime import datetime
from typing import Literal

from api.access import Access
from api.chain_reading import asked, contracts_of, instant_s
from api.context import ApiContext
from api.models import repository
from api.models.schemas import CatalogueBody, ModelKindBody, ModelsBody, ModelVersionBody
from gettone.chain.reward_models import ModelVersion
from gettone.periods import utc_text
from gettone.rewards import VECTORS_SHA256
from gettone.rewards.parameter_schema import parameter_schemas
from gettone.rewards.run import SCHEMA
from gettone.rule_changes import shown_parameters


def catalogue() -> CatalogueBody:
    """The kinds of models that this program computes."""
    kinds = parameter_schemas().items()
    return CatalogueBody.model_validate(
        {
            "items": [
                ModelKindBody.model_validate(
                    {"kind": kind, "rules": SCHEMA, "vectors_sha256": VECTORS_SHA256, "parameters": schema}
                )
                for kind, schema in kinds
            ]
        }
    )


def models_at(context: ApiContext, access: Access, at: datetime | None) -> ModelsBody:
    """The versions of a community as they stand at an instant."""
    contracts = contracts_of(context, access)
    versions = asked(lambda: repository.versions(contracts))
    at_s = asked(lambda: instant_s(contracts, at))
    started = [one for one in versions if one.valid_from_s <= at_s]
    # Of two that start together the later one replaced the earlier.
    current = max(started, key=lambda one: (one.valid_from_s, one.version)).version if started else 0
    return ModelsBody(
        at=utc_text(at_s),
        min_notice_s=asked(lambda: repository.min_notice_s(contracts)),
        items=[_body(one, current, at_s) for one in versions],
    )


def _body(one: ModelVersion, current: int, at_s: int) -> ModelVersionBody:
    state: Literal["past", "in_force", "scheduled"] = "scheduled" if one.valid_from_s > at_s else "past"
    return ModelVersionBody(
        version=one.version,
        state="in_force" if one.version == current else state,
        valid_from=utc_text(one.valid_from_s),
        scheduled_at=utc_text(one.scheduled_at_s),
        parameters=shown_parameters(one.document),
    )
