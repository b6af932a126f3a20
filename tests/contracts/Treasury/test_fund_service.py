"""fundService: the price of a service to the community, to the exchange alone."""

from refusal import refused
from Treasury.conftest import FILLED, TOKEN


def test_fund_service__for_the_exchange__moves_the_price(treasury, token, service_exchange):
    treasury.fundService(5 * TOKEN, {"from": service_exchange})
    assert (token.balanceOf(service_exchange), token.balanceOf(treasury)) == (5 * TOKEN, FILLED - 5 * TOKEN)


def test_fund_service__for_the_exchange__emits_the_event(treasury, service_exchange):
    receipt = treasury.fundService(5 * TOKEN, {"from": service_exchange})
    assert dict(receipt.events["ServiceFunded"]) == {"exchange": service_exchange, "amount": 5 * TOKEN}


def test_fund_service__more_than_the_treasury_holds__is_refused(treasury, service_exchange):
    with refused("ERC20InsufficientBalance", treasury, FILLED, FILLED + 1):
        treasury.fundService(FILLED + 1, {"from": service_exchange})


def test_fund_service__by_the_community_admin__is_refused(treasury, community_admin):
    with refused("AccessManagedUnauthorized", community_admin):
        treasury.fundService(1, {"from": community_admin})
