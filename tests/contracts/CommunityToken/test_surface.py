"""What the token does not have: no way to burn, mint or move somebody's tokens besides the named ones."""

WRITING = {"approve", "creditBatch", "permit", "setAccount", "setAuthority", "transfer", "transferFrom"}


def test_surface__state_changing_functions__are_these_only(token):
    changing = {
        item["name"]
        for item in token.abi
        if item["type"] == "function" and item["stateMutability"] not in ("view", "pure")
    }
    assert changing == WRITING


def test_surface__ether__is_not_accepted(token):
    assert not any(item["type"] in ("receive", "fallback") for item in token.abi)


def test_surface__units__are_18_decimals(token):
    assert (token.name(), token.symbol(), token.decimals()) == ("Fontana", "FON", 18)
