// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityTokenDesk, ExchangeStub} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Ends of the token that planted bugs showed to be untested, and the storage that anybody can read from a node.
contract MutantsTokenEdgesTest is CommunityTokenDesk {
    function test_bind__tells_the_exchange() public {
        CommunityToken fresh = new CommunityToken(token.authority(), TREASURY, "Fontana", "FNT");
        address stub = address(new ExchangeStub(address(fresh)));
        vm.recordLogs();
        fresh.bind(stub);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs[0].topics[0], ICommunityToken.ExchangeBound.selector, "event");
        same(logs[0].topics[1], bytes32(uint256(uint160(stub))), "exchange");
    }

    function test_setAccount__status_above_the_last__is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenAccountInvalid.selector, carol, CITIZEN, 5)
        );
        token.setAccount(carol, CITIZEN, LEFT_FROZEN + 1);
    }

    function test_account__in_storage__is_the_documented_word() public {
        token.creditBatch(oneWord(bob, 7), address(0), 7, 0, 0);
        bytes32 expected = bytes32(uint256(ACTIVE) << 136 | uint256(STAKEHOLDER) << 128 | 7);
        uint256 found;
        for (uint256 slot; slot < 32; ++slot) {
            if (vm.load(address(token), keccak256(abi.encode(bob, slot))) == expected) ++found;
        }
        same(found, 1, "mappings with the word");
    }

    function test_creditBatch__paid_and_skipped__tell_one_word_each() public {
        vm.recordLogs();
        token.creditBatch(oneWord(bob, 7), address(0), 7, 0, 0);
        token.creditBatch(oneWord(mallory, 7), address(0), 7, 0, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 2, "events");
        for (uint256 i; i < 2; ++i) same(keccak256(logs[i].data), keccak256(abi.encode(uint256(7))), "amount");
    }
}
