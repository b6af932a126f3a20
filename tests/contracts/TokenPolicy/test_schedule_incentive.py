"""scheduleIncentive: for the kinds of categories 1 to 5, within ranges that cannot surprise."""

import policies
import pytest
from refusal import refused
from TokenPolicy.conftest import NOTICE_S, RULE

KINDS = {1: (0, 1, 2, 3), 2: (0, 1), 3: (0, 4), 4: (0, 2, 3), 5: (0,)}
ALLOWED = [(category, kind) for category, kinds in KINDS.items() for kind in kinds]
REFUSED = [(category, kind) for category in (*KINDS, 6, 7, 8, 0, 9, 255) for kind in (*range(6), 255)]
LARGEST = 2**96 - 1


@pytest.fixture
def schedule(policy, token_admin, now):
    """Function: schedule the rule with changes of its fields."""

    def send(category=2, kind=0, **changes):
        rule = policies.struct(RULE, **changes)
        return policy.scheduleIncentive(category, kind, rule, now + NOTICE_S + 1, {"from": token_admin})

    return send


@pytest.mark.parametrize(("category", "kind"), ALLOWED)
def test_schedule_incentive__kind_of_the_category__is_scheduled_there_alone(policy, schedule, category, kind):
    schedule(category, kind)
    pending = {pair for pair in ALLOWED if policy.scheduledIncentive(*pair)[1]}
    assert pending == {(category, kind)}


@pytest.mark.parametrize(("category", "kind"), [pair for pair in REFUSED if pair not in ALLOWED])
def test_schedule_incentive__no_kind_of_a_category_that_members_pay__is_refused(schedule, category, kind):
    with refused("TokenPolicyKindNotAllowed", category, kind):
        schedule(category, kind)


@pytest.mark.parametrize(
    ("changes", "name", "given", "low", "high"),
    [
        ({"fixedUnits": 51}, "fixedUnits", 51, 0, 50),
        ({"priceBps": 10_001}, "priceBps", 10_001, 0, 10_000),
        ({"fixedUnits": 0, "capUnits": 0}, "capUnits", 0, 1, LARGEST),
        ({"providerPermille": 1001}, "providerPermille", 1001, 0, 1000),
        ({"requiredChecks": 4}, "requiredChecks", 4, 0, 3),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_schedule_incentive__field_out_of_range__names_it(schedule, changes, name, given, low, high):
    with refused("TokenPolicyValueOutOfRange", name, given, low, high):
        schedule(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"fixedUnits": 50},
        {"priceBps": 10_000},
        {"providerPermille": 0},
        {"providerPermille": 1000},
        {"capUnits": LARGEST},
        {"fixedUnits": LARGEST, "capUnits": LARGEST},
        dict.fromkeys(RULE, 0),
    ],
    ids=str,
)
def test_schedule_incentive__field_at_its_bound__is_accepted(policy, schedule, changes):
    schedule(**changes)
    assert policy.scheduledIncentive(2, 0)[0] == policies.struct(RULE, **changes)
