"""issue and burn: the token administrator fills the Treasury within the year's budget, and empties it."""

import clock
import policies
import pytest
from people import acting_as
from refusal import refused
from Treasury.conftest import FILLED, TOKEN

BUDGET = policies.BUDGETS["issuePerYearUnits"]


@pytest.fixture
def issue(treasury, token_admin):
    return lambda units: treasury.issue(units, {"from": token_admin})


def test_issue__within_the_budget__grows_the_treasury_and_the_supply(treasury, token, issue):
    issue(5)
    assert (token.balanceOf(treasury), token.totalSupply()) == (FILLED + 5, FILLED + 5)


def test_issue__within_the_budget__counts_for_the_year_and_ever(treasury, issue):
    issue(5)
    assert (treasury.issuedInYear(), treasury.totalIssued()) == (FILLED + 5, FILLED + 5)


def test_issue__within_the_budget__emits_the_event(issue):
    assert dict(issue(5).events["Issued"]) == {"amount": 5, "year": 0, "issuedInYear": FILLED + 5}


def test_issue__to_the_last_unit_of_the_budget__is_done(treasury, issue):
    issue(BUDGET - FILLED)
    assert treasury.issuedInYear() == BUDGET


def test_issue__beyond_the_budget__names_all_three(issue):
    with refused("TreasuryYearlyBudgetExceeded", BUDGET - FILLED + 1, FILLED, BUDGET):
        issue(BUDGET - FILLED + 1)


@pytest.mark.parametrize(("before_s", "year"), [(1, 0), (0, 1)])
def test_issue__around_the_turn_of_the_year__counts_in_its_year(treasury, policy, issue, before_s, year):
    clock.next_block_at(policy.start() + policies.YEAR_S - before_s)
    assert issue(7).events["Issued"]["year"] == year
    assert treasury.issuedInYear() == (7 if year else FILLED + 7)


def test_issue__budget_scheduled_lower__leaves_nothing_once_it_applies(policy, issue, community_admin):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    lower = policies.struct(policies.BUDGETS, issuePerYearUnits=FILLED - 1)
    policy.scheduleBudgets(lower, valid_from, {"from": community_admin})
    clock.move_to(valid_from)
    with refused("TreasuryYearlyBudgetExceeded", 1, FILLED, FILLED - 1):
        issue(1)


def test_issue__in_a_pause__is_refused(token, guardian, issue):
    paused_at = token.pause({"from": guardian}).timestamp
    with refused("CommunityTokenPaused", paused_at):
        issue(1)


def test_issue__suspended_community__is_refused(accounts, registry, token, issue):
    token.setSuspended(True, {"from": acting_as(accounts, registry)})
    with refused("CommunityTokenSuspended"):
        issue(1)


def test_burn__what_it_holds__shrinks_treasury_and_supply(treasury, token, token_admin):
    receipt = treasury.burn(400 * TOKEN, {"from": token_admin})
    assert dict(receipt.events["Burned"]) == {"amount": 400 * TOKEN}
    assert (token.balanceOf(treasury), treasury.totalBurned()) == (600 * TOKEN, 400 * TOKEN)


def test_burn__makes_no_room_in_the_budget(treasury, token_admin, issue):
    treasury.burn(FILLED, {"from": token_admin})
    with refused("TreasuryYearlyBudgetExceeded", BUDGET - FILLED + 1, FILLED, BUDGET):
        issue(BUDGET - FILLED + 1)


def test_burn__more_than_it_holds__names_both(treasury, token_admin):
    with refused("ERC20InsufficientBalance", treasury, FILLED, FILLED + 1):
        treasury.burn(FILLED + 1, {"from": token_admin})
