"""Suppliers of a community."""

from fastapi import Request

from api.etags import etag_of, require_match
from api.once import Answer
from api.refusals import NotFound
from api.sources.schemas import SupplierBody, SupplierChange, SupplierInput, SupplierState
from api.sources.service import Act
from gettone.db.repositories.source_settings import SupplierRow
from gettone.errors import Conflict


def add(act: Act, wanted: SupplierInput) -> Answer:
    """A supplier of the community; one that other communities have serves this one as it is."""
    known = act.settings.supplier_named(wanted.name)
    if known is not None and act.settings.supplier(known.supplier_id) is not None:
        raise Conflict("exists", "there is a supplier of this name already: change that one")
    if known is None:
        number = act.settings.add_supplier(wanted.model_dump())
    else:
        number = known.supplier_id
        act.settings.serve(number)
    act.note("supplier.add", str(number), after=wanted.model_dump())
    document = body_of(_found(act, number)).model_dump(mode="json")
    return Answer(201, document, {"ETag": document["etag"]})


def change(act: Act, request: Request, supplier_id: int, wanted: SupplierChange) -> Answer:
    """Change a supplier of this community alone; Conflict for one that others have, too."""
    before = state_of(_found(act, supplier_id))
    require_match(request, before)
    _refuse_shared(act, supplier_id)
    values = wanted.model_dump(exclude_unset=True)
    named = act.settings.supplier_named(wanted.name) if wanted.name is not None else None
    if named is not None and named.supplier_id != supplier_id:
        raise Conflict("exists", "there is a supplier of this name already: choose another name")
    if "name" in values and values["name"] is None:
        del values["name"]
    act.settings.change_supplier(supplier_id, values)
    after = body_of(_found(act, supplier_id))
    act.note("supplier.change", str(supplier_id), before.model_dump(), after.model_dump())
    return Answer(200, after.model_dump(mode="json"), {"ETag": after.etag})


def drop(act: Act, request: Request, supplier_id: int) -> None:
    """A supplier serves this community no more; Conflict while one of its flows runs."""
    require_match(request, state_of(_found(act, supplier_id)))
    if running := act.settings.flows_from(supplier_id):
        raise Conflict("conflict", f"flow {running[0]!r} comes from this supplier: end that flow first")
    act.settings.drop_supplier(supplier_id)
    act.note("supplier.drop", str(supplier_id))


def state_of(row: SupplierRow) -> SupplierState:
    """A supplier as its ETag covers it."""
    return SupplierState(**row._asdict())


def body_of(row: SupplierRow) -> SupplierBody:
    """A supplier as it is shown."""
    document = state_of(row).model_dump(mode="json")
    return SupplierBody(**document, etag=etag_of(document))


def _found(act: Act, supplier_id: int) -> SupplierRow:
    found = act.settings.supplier(supplier_id)
    if found is None:
        raise NotFound("not_found", "there is no such supplier here")
    return found


def _refuse_shared(act: Act, supplier_id: int) -> None:
    if act.settings.is_supplier_shared(supplier_id):
        raise Conflict("conflict", "other communities have this supplier, too: the operator of the server changes it")
