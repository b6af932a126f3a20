// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ITreasury} from "./interfaces/ITreasury.sol";
import {EnergyBonuses} from "./treasury/EnergyBonuses.sol";
import {Incentives} from "./treasury/Incentives.sol";
import {Issuance} from "./treasury/Issuance.sol";
import {Sales} from "./treasury/Sales.sol";
import {TreasuryLinks} from "./treasury/TreasuryLinks.sol";
import {WelcomeBonuses} from "./treasury/WelcomeBonuses.sol";

/// @dev Each part under `treasury/` is one way in or out; here is what is left.
contract Treasury is Issuance, Sales, WelcomeBonuses, EnergyBonuses, Incentives {
    /// @param authority_ AccessManager of the community.
    /// @param policy_ TokenPolicy of the community, for good.
    constructor(address authority_, address policy_) AccessManaged(authority_) TreasuryLinks(policy_) {}

    /// @inheritdoc ITreasury
    function fundService(uint256 amount) external restricted {
        emit ServiceFunded(msg.sender, amount);
        _give(msg.sender, amount);
    }
}
