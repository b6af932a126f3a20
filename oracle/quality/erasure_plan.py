"""Which stored payloads name a member, and what of them stays: kept until the erasure is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.repositories.device_names import external_ids
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.forgotten_batches import ForgottenBatches, StoredPayload, Touched
from gettone.db.repositories.member_rows import MemberRows, MemberScope
from gettone.lake import Lake
from gettone.metering.edits.approval import MANUAL_CLASS
from gettone.vault import Vault
from oracle.intake_rows import selected_rows
from oracle.prices.price_table import PRICE_SYNTAXES
from oracle.quality.editing import edit_of_payload
from oracle.quality.rewriting import EVER, Rewritten, Span, rewrite

Digests = tuple[str | None, str | None, str | None, str | None]
"""Payload before and after, registry before and after, each as hex or None."""


@dataclass(slots=True)
class ErasurePlan:
    """What becomes of the payloads of each batch that named the member, up to `highest_batch`."""

    highest_batch: int = 0
    batches: dict[int, Digests] = field(default_factory=dict)

    def to_json(self) -> str:
        """JSON for the database."""
        return json.dumps({"highest": self.highest_batch, "batches": self.batches})

    @classmethod
    def of_json(cls, text: str | None) -> "ErasurePlan":
        """The plan as kept; an empty one for None."""
        if text is None:
            return cls()
        document = json.loads(text)
        return cls(document["highest"], {int(key): tuple(value) for key, value in document["batches"].items()})

    def gone(self) -> tuple[bytes, ...]:
        """Digests of all files that leave the lake."""
        kept = {one for digests in self.batches.values() for one in (digests[1], digests[3])}
        old = {one for digests in self.batches.values() for one in (digests[0], digests[2]) if one is not None}
        return tuple(bytes.fromhex(one) for one in sorted(old - kept))

    def touched(self) -> tuple[Touched, ...]:
        """The batches with what replaced their payload and registry."""
        return tuple(
            Touched(batch_id, *(None if one is None else bytes.fromhex(one) for one in (new, registry)))
            for batch_id, (_, new, _, registry) in sorted(self.batches.items())
        )


class Planner:
    """Looks at every payload in the lake once, and puts what is to stay of it beside."""

    def __init__(self, connection: Connection, vault: Vault, lake: Lake, scope: MemberScope) -> None:
        self._connection = connection
        self._lake = lake
        self._scope = scope
        devices = Devices(connection, vault)
        self._pid = devices.pid
        names = external_ids(connection, vault, scope.device_ids)
        self._own_names = tuple(names.values())
        self._spans = {devices.pid(name): self._spans_of(device_id) for device_id, name in names.items()}
        own = set(scope.own_devices)
        self._own_pids = frozenset(devices.pid(name).hex() for device_id, name in names.items() if device_id in own)

    @property
    def own_names(self) -> tuple[str, ...]:
        """Outside ids of the member's devices, in clear."""
        return self._own_names

    def extend(self, plan: ErasurePlan) -> ErasurePlan:
        """The plan grown by the batches that came since it was made."""
        batches = ForgottenBatches(self._connection)
        named = set(MemberRows(self._connection).batch_ids(self._scope))
        highest = batches.highest()
        for one in batches.after(plan.highest_batch):
            found = self._payload(one, plan)
            registry = self._registry(one)
            if found.names_member or registry is not None or one.batch_id in named:
                rest = None if found.rest is None else self._lake.put(found.rest)[0].hex()
                before = None if one.registry_sha256 is None else one.registry_sha256.hex()
                sha256 = None if one.sha256 is None else one.sha256.hex()
                plan.batches[one.batch_id] = (sha256, rest, before, registry or before)
        plan.highest_batch = highest
        return plan

    def _payload(self, one: StoredPayload, plan: ErasurePlan) -> Rewritten:
        if one.sha256 is None or not self._lake.has(one.sha256):
            return Rewritten(False)
        flow = Flows(self._connection).of_batch(one.flow_id, one.flow_config)
        if flow.config.source_class == MANUAL_CLASS:
            return Rewritten(self._edits_mine(self._lake.read(one.sha256)))
        if one.derived_from is not None and selected_rows(self._lake.read(one.sha256)) is not None:
            return Rewritten(one.derived_from in plan.batches)
        if flow.config.syntax in PRICE_SYNTAXES:
            return Rewritten(False)
        with self._lake.opened(one.sha256) as payload:
            return rewrite(payload, flow.config, self._spans_named, self._own_names)

    def _registry(self, one: StoredPayload) -> str | None:
        """The digest of the batch's registry without the member's devices; None when it names none."""
        if one.registry_sha256 is None or not self._lake.has(one.registry_sha256):
            return None
        document: Mapping[str, object] = json.loads(self._lake.read(one.registry_sha256))
        if not self._own_pids & set(document):
            return None
        rest = {pid: values for pid, values in document.items() if pid not in self._own_pids}
        return self._lake.put(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode())[0].hex()

    def _edits_mine(self, payload: bytes) -> bool:
        edit = edit_of_payload(payload)
        if edit.channel_id in self._scope.own_channels:
            return True
        return any(
            edit.channel_id in self._scope.shared_channels[held.device_id]
            and any(held.from_slot <= value.slot < held.to_slot for value in edit.values)
            for held in self._scope.shared
        )

    def _spans_named(self, name: str) -> tuple[Span, ...]:
        return self._spans.get(self._pid(name), ())

    def _spans_of(self, device_id: int) -> tuple[Span, ...]:
        if device_id in self._scope.own_devices:
            return (EVER,)
        held = (one for one in self._scope.shared if one.device_id == device_id)
        return tuple((one.from_slot * SLOT_S, one.to_slot * SLOT_S) for one in held)
