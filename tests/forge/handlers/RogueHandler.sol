// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../../../contracts/interfaces/ICommunityToken.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {CommunityHandler} from "./CommunityHandler.sol";
import {CommunityWorld} from "./CommunityWorld.sol";

/// @dev Every holder of a role, and a stranger, calls what belongs to the contracts of the set: all of it is refused.
contract RogueHandler is CommunityHandler {
    constructor(CommunityWorld world_) CommunityHandler(world_) {}

    function callForContracts(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        (address target, bytes memory data) = draw(seed >> 8, wallets[1 + (seed >> 64) % WALLETS]);
        vm.prank(caller(seed));
        (bool passed,) = target.call(data);
        require(!passed, "I11: a role called what belongs to a contract");
    }

    function caller(uint256 seed) private view returns (address) {
        address[11] memory callers = [
            PLATFORM_ADMIN,
            COMMUNITY_ADMIN,
            TOKEN_ADMIN,
            ORACLE_ADMIN,
            REGISTRAR,
            VERIFIER,
            GUARDIAN,
            PLATFORM_REGISTRY,
            world.DEPUTY(),
            vm.addr(oracleKeys[0]),
            address(0x57A46)
        ];
        return callers[seed % callers.length];
    }

    function draw(uint256 seed, address wallet) private view returns (address target, bytes memory data) {
        target = address(token);
        uint256 units = 1 + token.balanceOf(wallet) / 2;
        uint256 which = seed % 12;
        if (which == 0) data = abi.encodeCall(ICommunityToken.setAccount, (wallet, 0, 0));
        if (which == 1) data = abi.encodeCall(ICommunityToken.moveAccount, (wallet, address(0xBEEF)));
        if (which == 2) data = abi.encodeCall(ICommunityToken.sweep, (wallet));
        if (which == 3) data = abi.encodeCall(ICommunityToken.issue, (units));
        if (which == 4) data = abi.encodeCall(ICommunityToken.burn, (1));
        if (which == 5) data = abi.encodeCall(ICommunityToken.escrow, (wallet, units));
        if (which == 6) data = abi.encodeCall(ICommunityToken.release, (wallet, 1, 0));
        if (which == 7) data = abi.encodeCall(ICommunityToken.setTransferFees, (1, 0, 0));
        if (which == 8) data = abi.encodeCall(token.transferFrom, (wallet, address(treasury), units));
        if (which == 9) data = abi.encodeCall(ICommunityToken.bind, (address(exchange)));
        if (which == 10) {
            bytes32[] memory payouts = new bytes32[](1);
            payouts[0] = word(wallet, 1e18);
            data = abi.encodeCall(ICommunityToken.creditBatch, (payouts, address(0), 1e18, 0, 0));
        }
        if (which == 11) {
            (target, data) = (address(treasury), abi.encodeCall(ITreasury.fundService, (1)));
        }
    }
}
