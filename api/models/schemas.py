"""Bodies of reward models."""

from typing import Any, Literal

from api.schemas import Strict


class ModelKindBody(Strict):
    """A kind of model that this program computes: its rules, the digest of their vectors, and its parameters."""

    kind: Literal["self_consumption", "no_peaks", "combined"]
    rules: str
    vectors_sha256: str
    parameters: dict[str, Any]


class CatalogueBody(Strict):
    """The kinds of models."""

    items: list[ModelKindBody]


class ModelVersionBody(Strict):
    """A version on chain; a period uses the one with the latest start that is not after the period's."""

    version: int
    state: Literal["past", "in_force", "scheduled"]
    valid_from: str
    scheduled_at: str
    parameters: dict[str, Any]


class ModelsBody(Strict):
    """The versions of a community at an instant, and how long before its start one must be scheduled."""

    at: str
    min_notice_s: int
    items: list[ModelVersionBody]
