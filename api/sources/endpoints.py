"""Routes of suppliers and flows (identity and API specification §5.1)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Context
from api.etags import with_etag
from api.once import OnceAWhile, in_one_transaction
from api.pages import Page, Pages
from api.schemas import RowId
from api.sources import repository, service, suppliers
from api.sources.auth import Managing
from api.sources.schemas import FlowBody, FlowChange, FlowInput, SupplierBody, SupplierChange, SupplierInput
from api.sources.service import Act

router = APIRouter(prefix="/api/v1/communities/{community}", tags=["sources"])


@router.get("/suppliers", operation_id="list_suppliers", response_model=Page[SupplierBody])
def list_suppliers(
    community: str, request: Request, response: Response, context: Context, access: Managing, paging: Pages
) -> Response:
    """Who sends readings to a community."""
    after = None if paging.after is None else int(paging.after[0])
    rows = repository.suppliers(context, access, after, paging.fetch)
    page = paging.page(response, [suppliers.body_of(one) for one in rows], [(one.supplier_id,) for one in rows])
    return with_etag(request, page, headers=response.headers)


@router.post("/suppliers", operation_id="add_supplier", status_code=201, response_model=SupplierBody)
def add_supplier(
    community: str, context: Context, access: Managing, once: OnceAWhile, body: SupplierInput
) -> JSONResponse:
    """State a supplier; one that other communities have serves this one as it is."""
    return once.run(body, lambda connection: suppliers.add(Act(connection, context, access), body))


@router.patch("/suppliers/{supplier}", operation_id="change_supplier", response_model=SupplierBody)
def change_supplier(
    community: str, supplier: RowId, request: Request, context: Context, access: Managing, body: SupplierChange
) -> JSONResponse:
    """Change a supplier that no other community has."""
    return in_one_transaction(
        context, lambda connection: suppliers.change(Act(connection, context, access), request, supplier, body)
    )


@router.delete("/suppliers/{supplier}", operation_id="drop_supplier", status_code=204)
def drop_supplier(community: str, supplier: RowId, request: Request, context: Context, access: Managing) -> None:
    """A supplier serves the community no more; 409 while one of its flows runs."""
    with context.database.write() as connection:
        suppliers.drop(Act(connection, context, access), request, supplier)


@router.get("/flows", operation_id="list_flows", response_model=Page[FlowBody])
def list_flows(
    community: str, request: Request, response: Response, context: Context, access: Managing, paging: Pages
) -> Response:
    """The flows of a community, each with every configuration it had."""
    after = None if paging.after is None else int(paging.after[0])
    rows = repository.flows(context, access, after, paging.fetch)
    page = paging.page(response, [service.body_of(one) for one in rows], [(one.flow_id,) for one in rows])
    return with_etag(request, page, headers=response.headers)


@router.post("/flows", operation_id="add_flow", status_code=201, response_model=FlowBody)
def add_flow(community: str, context: Context, access: Managing, once: OnceAWhile, body: FlowInput) -> JSONResponse:
    """State a flow: every key of its configuration, and how it arrives."""
    return once.run(body, lambda connection: service.add(Act(connection, context, access), body))


@router.patch("/flows/{flow}", operation_id="change_flow", response_model=FlowBody)
def change_flow(
    community: str, flow: RowId, request: Request, context: Context, access: Managing, body: FlowChange
) -> JSONResponse:
    """Change a flow; another configuration counts from its next batch on."""
    return in_one_transaction(
        context, lambda connection: service.change(Act(connection, context, access), request, flow, body)
    )


@router.delete("/flows/{flow}", operation_id="end_flow", status_code=204)
def end_flow(community: str, flow: RowId, request: Request, context: Context, access: Managing) -> None:
    """End a flow: it takes nothing any more, and what it brought stays."""
    with context.database.write() as connection:
        service.end(Act(connection, context, access), request, flow)
