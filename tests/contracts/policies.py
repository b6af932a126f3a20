"""The rules of money that the test community starts with, each a struct of TokenPolicy field by field."""

TOKEN = 10**18
NO_FEES = {
    "transferCitizenToCitizen": 0,
    "transferCitizenToStakeholder": 0,
    "transferStakeholderToCitizen": 0,
    "transferStakeholderToStakeholder": 0,
    "serviceCitizenToCitizen": 0,
    "serviceCitizenToStakeholder": 0,
    "serviceStakeholderToCitizen": 0,
    "serviceStakeholderToStakeholder": 0,
    "assignmentToCitizen": 0,
    "assignmentToStakeholder": 0,
}
# Ten different rates, so that a test that reads the wrong one shows it (basis points).
TEN_FEES = dict(zip(NO_FEES, range(100, 1100, 100), strict=True))
SERVICE_FEES = NO_FEES | {
    "serviceCitizenToCitizen": 500,
    "serviceCitizenToStakeholder": 600,
    "serviceStakeholderToCitizen": 700,
    "serviceStakeholderToStakeholder": 800,
}
BONUSES = {
    "welcomeCitizenUnits": 20 * TOKEN,
    "welcomeStakeholderUnits": 50 * TOKEN,
    "energyConsumerUnits": 5 * TOKEN,
    "energyProsumerUnits": 10 * TOKEN,
    "energyProsumerWithStorageUnits": 15 * TOKEN,
}
RATES = {
    "unitsPerCent": TOKEN // 100,  # one token for one euro
    "unitsPerHour": 10 * TOKEN,
}
BUDGETS = {
    "incentivesPerMonthUnits": 500 * TOKEN,
    "memberPerMonthUnits": 100 * TOKEN,
    "pairPerMonthUnits": 40 * TOKEN,
    "issuePerYearUnits": 10_000 * TOKEN,
}
NO_INCENTIVE = {"fixedUnits": 0, "priceBps": 0, "capUnits": 0, "providerPermille": 0, "requiredChecks": 0}
MONTH_S = 30 * 86_400
YEAR_S = 365 * 86_400


def struct(fields: dict, **changes) -> tuple:
    """The tuple of a struct, some of its fields changed."""
    assert changes.keys() <= fields.keys()
    return tuple((fields | changes).values())


def initial(*, fees=NO_FEES, bonuses=BONUSES, rates=RATES, budgets=BUDGETS) -> tuple:
    """The rules in force from deployment."""
    return tuple(struct(part) for part in (fees, bonuses, rates, budgets))
