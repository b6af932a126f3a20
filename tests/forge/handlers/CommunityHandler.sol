// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementDesk} from "../SettlementDesk.sol";
import {CommunityWorld} from "./CommunityWorld.sol";

/// @dev Drives a part of the community. Each action tries lawful and unlawful ways; what must be refused and passes, or
/// the other way round, breaks the run.
abstract contract CommunityHandler is SettlementDesk {
    CommunityWorld internal immutable world;
    uint256 internal constant WALLETS = 30;

    address[WALLETS + 1] internal wallets;

    /// Wallets whose owners agreed to spend in the present action, or that may be moved by force (4b, sweep).
    address[] private _spenders;

    constructor(CommunityWorld world_) {
        world = world_;
        CommunityWorld.Set memory set = world_.set();
        (manager, policy, treasury, token) = (set.manager, set.policy, set.treasury, set.token);
        (members, models, ledger, exchange) = (set.members, set.models, set.ledger, set.exchange);
        oracleKeys = set.oracleKeys;
        for (uint256 i = 1; i <= WALLETS; ++i) wallets[i] = world_.wallets(i);
    }

    /// @dev I11 around every action.
    modifier watching() {
        uint256[] memory before = world.balances();
        _;
        world.requireNoTheft(before, _spenders);
        delete _spenders;
    }

    function mayFall(address wallet) internal {
        _spenders.push(wallet);
    }

    /// @dev Spreads small seeds over all bits.
    function mix(uint256 drawn) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(drawn)));
    }

    function statusOf(address wallet) internal view returns (uint8 status) {
        (,, status) = token.accountOf(wallet);
    }

    function classOf(address wallet) internal view returns (uint8 class_) {
        (, class_,) = token.accountOf(wallet);
    }
}
