"""What the token does not have: no way to burn, mint or move somebody's tokens besides the named ones."""

import roles
from permission_book import state_changing


def test_surface__functions_that_write__are_these_only(token):
    restricted = {function for contract, function in roles.RESTRICTED if contract == "token"}
    assert {item["name"] for item in state_changing(token)} == {
        *restricted,
        *("transfer", "transferFrom", "approve", "permit", "transferWithAuthorization", "cancelAuthorization"),
        *("bind", "setAuthority"),
    }


def test_surface__ether__is_not_accepted(token):
    assert not any(item["type"] in ("receive", "fallback") for item in token.abi)


def test_surface__units__are_18_decimals(token):
    assert (token.name(), token.symbol(), token.decimals()) == ("Fontana", "FON", 18)


def test_surface__system_accounts__are_the_treasury_and_the_exchange(token, community):
    assert token.accountOf(community.treasury) == (0, 3, 1)
    assert token.accountOf(community.exchange) == (0, 3, 3)
    assert (token.treasury(), token.exchange()) == (community.treasury, community.exchange)
