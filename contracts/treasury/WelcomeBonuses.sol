// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {TreasuryLinks} from "./TreasuryLinks.sol";

/// @dev One bonus for each member id, ever: granted when the id first joins, paid then or later. Part of the Treasury.
abstract contract WelcomeBonuses is TreasuryLinks {
    uint8 private constant CITIZEN = 1;

    struct Welcome {
        bool granted;
        uint96 owedUnits;
    }

    mapping(bytes32 memberId => Welcome) private _welcomes;

    /// @inheritdoc ITreasury
    function grantWelcomeBonus(bytes32 memberId, uint8 class_) external restricted {
        if (_welcomes[memberId].granted) return;
        ITokenPolicy.Bonuses memory bonuses = _policy.bonusesAt(_now());
        uint96 units = class_ == CITIZEN ? bonuses.welcomeCitizenUnits : bonuses.welcomeStakeholderUnits;
        _welcomes[memberId] = Welcome({granted: true, owedUnits: units});
        emit WelcomeBonusGranted(memberId, class_, units);
        if (!_token.isPaused() && units <= _balance()) _payWelcome(memberId, units);
    }

    /// @inheritdoc ITreasury
    function claimWelcomeBonus(bytes32 memberId) external {
        if (!_welcomes[memberId].granted) revert TreasuryNoWelcomeBonus(memberId);
        _payWelcome(memberId, _welcomes[memberId].owedUnits);
    }

    /// @dev A member id that was granted the bonus has joined, and has had a wallet ever since.
    function _payWelcome(bytes32 memberId, uint96 units) private {
        if (units == 0) return;
        _welcomes[memberId].owedUnits = 0;
        address wallet = _members.walletOf(memberId);
        emit WelcomeBonusPaid(memberId, wallet, units);
        _give(wallet, units);
    }

    /// @inheritdoc ITreasury
    function welcomeBonusOf(bytes32 memberId) external view returns (bool granted, uint256 owedUnits) {
        Welcome memory welcome = _welcomes[memberId];
        return (welcome.granted, welcome.owedUnits);
    }
}
