// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The rules of one energy community's token
/// @notice Fees, incentives, bonuses, rates and budgets, in clear, each with what is in force and what comes next.
///
/// | subject | what | who schedules |
/// |---|---|---|
/// | fees | taken from a transfer, a service or an assignment, by class of payer and receiver | token administrator |
/// | incentive rules | what a settled agreement earns on top, by category and kind | token administrator |
/// | bonuses | paid when joining, and with a GSE energy run | token administrator |
/// | rates | tokens per euro cent sold, tokens per hour of the time bank | token administrator |
/// | budgets | what may be given as incentives, and issued | community administrator |
///
/// - Each subject, and each incentive rule, has a timeline of its own: the first entry is in force from deployment
///   (an incentive rule that was never scheduled is all 0: no incentive), and each later one was scheduled more than
///   `minNotice` before it applied.
/// - At most one change of a timeline is pending. Another one scheduled meanwhile replaces it, and needs the whole
///   notice again; scheduling what is in force already therefore withdraws a change.
/// - What has been in force is never changed, so `…At(time)` answers for every moment since the deployment, and for
///   the future as far as it is scheduled. A rule applies from the second `validFrom` on.
///
/// Units: `…Units` are base units of the token, `…Bps` and the fields of `Fees` ten-thousandths, `…Permille`
/// thousandths, times unix seconds. A month here has 30 days and a year 365 days, counted from `start`: the chain
/// computes no calendars.
///
/// Assumptions:
/// - The authority lets nobody call `bind` but the one transaction that wires a new community.
/// - The token lets this contract call `setTransferFees`, and refuses a fee above the limit by itself.
///
/// Warning: lower budgets do not take back what was given in the running month or year; nothing more is given until
/// it ends.
interface ITokenPolicy {
    /// @notice Fees in ten-thousandths, 0 to 2,000, subtracted from the flow. Names: flow, class of payer, class of
    /// receiver.
    struct Fees {
        uint16 transferCitizenToCitizen;
        uint16 transferCitizenToStakeholder;
        uint16 transferStakeholderToCitizen;
        uint16 transferStakeholderToStakeholder;
        uint16 serviceCitizenToCitizen;
        uint16 serviceCitizenToStakeholder;
        uint16 serviceStakeholderToCitizen;
        uint16 serviceStakeholderToStakeholder;
        uint16 assignmentToCitizen; // payouts of a settlement
        uint16 assignmentToStakeholder;
    }

    /// @notice What an agreement earns: `min(fixedUnits + floor(price * priceBps / 10,000), capUnits)`.
    struct IncentiveRule {
        uint96 fixedUnits; // 0 to capUnits
        uint16 priceBps; // 0 to 10,000, of the price
        uint96 capUnits; // at least 1 if priceBps is not 0
        uint16 providerPermille; // 0 to 1000: the provider's share, the payers have the rest
        uint8 requiredChecks; // bits: 1 sustainability, 2 social value; both must be positive if 3
    }

    /// @notice Bonuses of the community.
    struct Bonuses {
        uint96 welcomeCitizenUnits; // first join of a citizen
        uint96 welcomeStakeholderUnits; // first join of a stakeholder
        uint96 energyConsumerUnits; // each GSE energy run, by profile
        uint96 energyProsumerUnits;
        uint96 energyProsumerWithStorageUnits;
    }

    /// @notice Rates of exchange. They never lead back to euro: the community does not buy tokens.
    struct Rates {
        uint96 unitsPerCent; // sold to stakeholders per euro cent; 0: none are sold
        uint96 unitsPerHour; // price of an hour in the time bank
    }

    /// @notice What the Treasury may give. 0 gives nothing.
    struct Budgets {
        uint96 incentivesPerMonthUnits; // all incentives of a month of 30 days
        uint96 memberPerMonthUnits; // incentives of one member in a month
        uint96 pairPerMonthUnits; // incentives of the agreements between the same two members in a month
        uint96 issuePerYearUnits; // issued to the Treasury in a year of 365 days
    }

    /// @notice What is in force from deployment.
    struct Initial {
        Fees fees;
        Bonuses bonuses;
        Rates rates;
        Budgets budgets;
    }

    // ----------------------------------------------------------------------------------------------------- EVENTS

    /// @notice `fees` apply from `validFrom` (unix seconds). Replaces an event of the same subject whose `validFrom`
    /// had not come; this holds for all events of this interface.
    event FeesScheduled(uint64 validFrom, Fees fees);

    /// @notice `rule` applies to agreements of this category and kind that are accepted from `validFrom` on.
    event IncentiveScheduled(uint8 indexed category, uint8 indexed kind, uint64 validFrom, IncentiveRule rule);

    /// @notice `bonuses` apply from `validFrom`.
    event BonusesScheduled(uint64 validFrom, Bonuses bonuses);

    /// @notice `rates` apply from `validFrom`.
    event RatesScheduled(uint64 validFrom, Rates rates);

    /// @notice `budgets` apply from `validFrom`.
    event BudgetsScheduled(uint64 validFrom, Budgets budgets);

    /// @notice The policy tells its transfer fees to `token` from now on.
    event PolicyBound(address indexed token);

    // ----------------------------------------------------------------------------------------------------- ERRORS

    /// @notice The field `name` is `given`, allowed are `min` to `max`.
    error TokenPolicyValueOutOfRange(string name, uint256 given, uint256 min, uint256 max);

    /// @notice Incentives exist for the kinds of categories 1 to 5 only, as the agreements have them.
    error TokenPolicyKindNotAllowed(uint8 category, uint8 kind);

    /// @notice `validFrom` (unix seconds) must lie after `earliest` = now + `minNotice` and not after `latest`.
    error TokenPolicyValidFromOutOfRange(uint64 validFrom, uint64 earliest, uint64 latest);

    /// @notice The notice given to the constructor is shorter than one hour (seconds).
    error TokenPolicyNoticeOutOfRange(uint64 minNotice, uint64 min);

    /// @notice Nothing was in force at `time`, before the deployment at `start` (unix seconds).
    error TokenPolicyBeforeStart(uint64 time, uint64 start);

    /// @notice The policy serves `token` already.
    error TokenPolicyAlreadyBound(address token);

    /// @notice The transfer fees have no token to go to before `bind`.
    error TokenPolicyNotBound();

    /// @notice The `part` of the token's set is `found`, and must be `expected`.
    error TokenPolicyNotLinked(string part, address found, address expected);

    // ------------------------------------------------------------------------------------------------- SCHEDULING

    /// @notice Links the policy to the community's token and tells it the fees in force. Once, when the community is
    /// deployed; the Treasury of the token must keep this policy.
    function bind(address token_) external;

    /// @notice Schedules the fee table and tells the token its transfer fees. Restricted to the token administrator.
    ///
    /// - A settlement keeps the assignment fees of its opening, an agreement the service fees of its acceptance.
    /// @param validFrom Unix seconds, as in all functions of this section.
    function scheduleFees(Fees calldata fees, uint64 validFrom) external;

    /// @notice Schedules the incentive of agreements of `category` (1 to 5) and `kind`. Restricted to the token
    /// administrator.
    ///
    /// - An agreement earns by the rule in force when it was accepted.
    function scheduleIncentive(uint8 category, uint8 kind, IncentiveRule calldata rule, uint64 validFrom) external;

    /// @notice Schedules the bonuses. Restricted to the token administrator.
    ///
    /// - A welcome bonus is that of the first join, energy bonuses are those of the opening of their run.
    function scheduleBonuses(Bonuses calldata bonuses, uint64 validFrom) external;

    /// @notice Schedules the rates. Restricted to the token administrator.
    function scheduleRates(Rates calldata rates, uint64 validFrom) external;

    /// @notice Schedules the budgets. Restricted to the community administrator.
    ///
    /// - What was given or issued since the month or year began counts against the new budgets.
    function scheduleBudgets(Budgets calldata budgets, uint64 validFrom) external;

    // ------------------------------------------------------------------------------------------------------ VIEWS

    /// @notice The fee table in force at `time` (unix seconds); reverts before `start`, as do all `…At` but
    /// `incentiveAt`.
    function feesAt(uint64 time) external view returns (Fees memory);

    /// @notice The fee of a service at `time` in ten-thousandths, by class (1 citizen, 2 stakeholder); 0 if one of
    /// the two is neither.
    function serviceFeeBpsAt(uint8 payerClass, uint8 receiverClass, uint64 time) external view returns (uint16);

    /// @notice The fees of a settlement opened at `time`, in ten-thousandths.
    function assignmentFeesAt(uint64 time) external view returns (uint16 citizenBps, uint16 stakeholderBps);

    /// @notice The incentive rule of agreements accepted at `time`, all 0 if there was none.
    function incentiveAt(uint8 category, uint8 kind, uint64 time) external view returns (IncentiveRule memory);

    /// @notice The bonuses in force at `time`.
    function bonusesAt(uint64 time) external view returns (Bonuses memory);

    /// @notice The rates in force at `time`.
    function ratesAt(uint64 time) external view returns (Rates memory);

    /// @notice The budgets in force at `time`.
    function budgetsAt(uint64 time) external view returns (Budgets memory);

    /// @notice The pending change of the fees; all 0 if there is none, as in the four functions below.
    function scheduledFees() external view returns (Fees memory fees, uint64 validFrom);

    /// @notice The pending change of an incentive rule.
    function scheduledIncentive(uint8 category, uint8 kind)
        external
        view
        returns (IncentiveRule memory rule, uint64 validFrom);

    /// @notice The pending change of the bonuses.
    function scheduledBonuses() external view returns (Bonuses memory bonuses, uint64 validFrom);

    /// @notice The pending change of the rates.
    function scheduledRates() external view returns (Rates memory rates, uint64 validFrom);

    /// @notice The pending change of the budgets.
    function scheduledBudgets() external view returns (Budgets memory budgets, uint64 validFrom);

    /// @notice Block time of the deployment (unix seconds), from which months and years are counted.
    function start() external view returns (uint64);

    /// @notice Seconds between scheduling a rule and the first moment it may apply.
    function minNotice() external view returns (uint64);

    /// @notice The token that is told the transfer fees, 0 before `bind`.
    function token() external view returns (address);
}
