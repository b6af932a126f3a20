// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Amounts} from "./policy/Amounts.sol";
import {FeeTable} from "./policy/FeeTable.sol";
import {IncentiveRules} from "./policy/IncentiveRules.sol";
import {PolicyClock} from "./policy/PolicyClock.sol";

/// @dev Each part keeps the timelines of its subjects; the clock they share keeps the notice.
contract TokenPolicy is FeeTable, IncentiveRules, Amounts {
    /// @param authority_ AccessManager of the community.
    /// @param minNotice_ Seconds, at least one hour.
    /// @param initial In force from now on.
    constructor(address authority_, uint64 minNotice_, Initial memory initial)
        AccessManaged(authority_)
        PolicyClock(minNotice_)
        FeeTable(initial.fees)
        Amounts(initial.bonuses, initial.rates, initial.budgets)
    {}
}
