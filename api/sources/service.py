"""Flows of a community: stated in full, changed with their history kept, ended and never deleted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.etags import etag_of, require_match
from api.instants import instant_text
from api.once import Answer
from api.refusals import Invalid, NotFound
from api.sources import repository
from api.sources.schemas import ConfigInput, FlowBody, FlowChange, FlowConfigBody, FlowInput, FlowState
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.source_settings import FACTS, FlowSettings, SourceSettings
from gettone.db.repositories.sources import SourceRow, Sources
from gettone.errors import Conflict, InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.transport_rules import MQTT, require_fitting


@dataclass(frozen=True)
class Act:
    """One request that changes sources: in which transaction, by whom."""

    connection: Connection
    context: ApiContext
    access: Access

    @cached_property
    def settings(self) -> SourceSettings:
        """Suppliers and flows of the community of the route."""
        return SourceSettings(self.connection, self.access.where.community_id)

    def note(
        self, action: str, subject: str, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
    ) -> None:
        """Write the deed into the audit trail."""
        community_id = self.access.where.community_id
        deed = Deed(self.access.person.name, action, subject, community_id, before=before, after=after)
        AuditTrail(self.connection).append(deed, self.context.clock())


def add(act: Act, wanted: FlowInput) -> Answer:
    """A new flow with its source; Conflict `exists` for a name that a flow has already."""
    supplier = act.settings.supplier(wanted.supplier_id)
    if supplier is None:
        words = f"this community has no supplier {wanted.supplier_id}"
        raise Invalid("invalid", words, fields=(("/body/supplier_id", "unknown"),))
    if act.settings.is_name_taken(wanted.name):
        raise Conflict("exists", f"there is a flow {wanted.name!r} already: choose another name")
    config = _config(act.context, wanted.config.model_dump())
    _require_fitting(wanted.transport, config)
    flow = Flows(act.connection).get_or_create(wanted.name, config, supplier=supplier.name)
    act.settings.feed(flow.flow_id)
    _tell(act, flow.flow_id, wanted.model_dump(include=set(FACTS), exclude_none=True))
    _put_source(act, flow.flow_id, wanted.name, (wanted.transport, wanted.send_period_s))
    after = body_of(_found(act, flow.flow_id))
    act.note("flow.add", wanted.name, after=after.model_dump(mode="json"))
    return Answer(201, after.model_dump(mode="json"), {"ETag": after.etag})


def change(act: Act, request: Request, flow_id: int, wanted: FlowChange) -> Answer:
    """Change a flow of this community alone; another configuration is kept beside the earlier ones."""
    found = _found(act, flow_id)
    before = state_of(found)
    require_match(request, before)
    _refuse_unchangeable(act, found)
    if wanted.config is not None:
        stated = json.loads(found.history[-1].config) | wanted.config.model_dump(exclude_unset=True)
        config = _config(act.context, stated)
        if found.transport is not None:
            _require_fitting(found.transport, config)
        Flows(act.connection).set_config(found.name, config, now_ms=act.context.clock())
    facts = wanted.model_dump(include=set(FACTS), exclude_unset=True)
    # A code always says something: only free text can be taken back.
    _tell(
        act, flow_id, {name: word for name, word in facts.items() if not (word is None and name in repository.DOMAINS)}
    )
    if "send_period_s" in wanted.model_fields_set and found.transport is not None:
        _put_source(act, flow_id, found.name, (found.transport, wanted.send_period_s))
    after = body_of(_found(act, flow_id))
    act.note("flow.change", found.name, before.model_dump(mode="json"), after.model_dump(mode="json"))
    return Answer(200, after.model_dump(mode="json"), {"ETag": after.etag})


def end(act: Act, request: Request, flow_id: int) -> None:
    """A flow takes nothing any more; what it brought stays, and so do its configurations."""
    found = _found(act, flow_id)
    require_match(request, state_of(found))
    _refuse_unchangeable(act, found)
    Sources(act.connection).remove(flow_id)
    act.settings.change_flow(flow_id, {"end_at": act.context.clock()})
    act.note("flow.end", found.name)


def state_of(row: FlowSettings) -> FlowState:
    """A flow as its ETag covers it."""
    history = [
        FlowConfigBody(number=one.number, since=instant_text(one.since), config=ConfigInput(**json.loads(one.config)))
        for one in row.history
    ]
    return FlowState.model_validate(
        {
            "flow_id": row.flow_id,
            "name": row.name,
            "supplier": row.supplier,
            "transport": row.transport,
            "send_period_s": row.send_period_s,
            "ended_at": None if row.ended_at is None else instant_text(row.ended_at),
            **row.facts,
            "history": history,
        }
    )


def body_of(row: FlowSettings) -> FlowBody:
    """A flow as it is shown."""
    state = state_of(row)
    return FlowBody(**dict(state), etag=etag_of(state.model_dump(mode="json", by_alias=True)))


def _config(context: ApiContext, values: dict[str, Any]) -> FlowConfig:
    if values["syntax"] not in context.syntaxes:
        words = f"syntax {values['syntax']!r} is unknown: use one of {', '.join(context.syntaxes)}"
        raise Invalid("invalid", words, fields=(("/body/config/syntax", "unknown"),))
    pairs = {name: tuple(values[name].items()) for name in ("columns", "options")}
    try:
        return FlowConfig(**values | pairs | {"null_marks": tuple(values["null_marks"])})
    except InputError as refusal:
        raise _wrong_config(refusal) from None


def _require_fitting(transport: str, config: FlowConfig) -> None:
    try:
        require_fitting(transport, config)
    except InputError as refusal:
        raise _wrong_config(refusal) from None


def _wrong_config(refusal: InputError) -> Invalid:
    return Invalid("invalid", refusal.message, fields=(("/body/config", refusal.code),))


def _put_source(act: Act, flow_id: int, name: str, way: tuple[str, int | None]) -> None:
    transport, send_period_s = way
    community = act.access.where.slug if transport == MQTT else None
    Sources(act.connection).put(SourceRow(flow_id, name, transport, community, send_period_s, act.context.clock()))


def _tell(act: Act, flow_id: int, facts: Mapping[str, Any]) -> None:
    repository.require_words(act.connection, facts)
    act.settings.change_flow(flow_id, facts)


def _found(act: Act, flow_id: int) -> FlowSettings:
    found = act.settings.flow(flow_id)
    if found is None:
        raise NotFound("not_found", "there is no such flow here")
    return found


def _refuse_unchangeable(act: Act, found: FlowSettings) -> None:
    if found.ended_at is not None:
        raise Conflict("conflict", f"flow {found.name!r} has ended: state another one")
    if act.settings.is_flow_shared(found.flow_id):
        raise Conflict("conflict", "this flow feeds other communities, too: the operator of the server changes it")
