// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICommunityRegistry} from "../../contracts/interfaces/ICommunityRegistry.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {CommunityRegistryDesk} from "./CommunityRegistryDesk.sol";

/// @dev Cheat code of forge: a call answered in the place of the contract.
interface MockCalls {
    function mockCall(address target, bytes calldata data, bytes calldata answer) external;
}

/// @dev A half-deployed or wrongly linked set is never registered: each link that points elsewhere and each permission
/// that is missing is found.
contract CommunityRegistryLinksTest is CommunityRegistryDesk {
    MockCalls private constant mocks = MockCalls(address(vm));
    address private constant ELSEWHERE = address(0xE15E);
    uint8 private constant LINKS = 22;
    uint8 private constant PERMISSIONS = 13;

    struct Link {
        string name;
        address part;
        bytes4 getter;
        address expected;
    }

    struct Permission {
        address caller;
        address target;
        bytes4 selector;
    }

    // -------------------------------------------------------------------------------------------------------- LINKS

    function testFuzz_register__link_that_points_elsewhere__is_refused(uint8 which) public {
        Link memory link = links()[which % LINKS];
        mocks.mockCall(link.part, abi.encodePacked(link.getter), abi.encode(ELSEWHERE));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryNotLinked.selector, link.name, ELSEWHERE, link.expected
            )
        );
        registry.register(complete());
    }

    function links() private view returns (Link[LINKS] memory all) {
        bytes4 authority = IAccessManaged.authority.selector;
        address authority_ = address(manager);
        all[0] = Link("memberRegistry.authority", address(members), authority, authority_);
        all[1] = Link("token.authority", address(token), authority, authority_);
        all[2] = Link("rewardModels.authority", address(models), authority, authority_);
        all[3] = Link("settlementLedger.authority", address(ledger), authority, authority_);
        all[4] = Link("tokenPolicy.authority", address(policy), authority, authority_);
        all[5] = Link("treasury.authority", address(treasury), authority, authority_);
        all[6] = Link("serviceExchange.authority", address(exchange), authority, authority_);
        all[7] = Link("memberRegistry.token", address(members), IMemberRegistry.token.selector, address(token));
        all[8] = Link(
            "memberRegistry.treasury", address(members), IMemberRegistry.treasury.selector, address(treasury)
        );
        all[9] = Link("token.treasury", address(token), ICommunityToken.treasury.selector, address(treasury));
        all[10] = Link("token.exchange", address(token), ICommunityToken.exchange.selector, address(exchange));
        all[11] = Link("settlementLedger.token", address(ledger), ISettlementLedger.token.selector, address(token));
        all[12] =
            Link("settlementLedger.models", address(ledger), ISettlementLedger.models.selector, address(models));
        all[13] =
            Link("settlementLedger.policy", address(ledger), ISettlementLedger.policy.selector, address(policy));
        all[14] = Link("tokenPolicy.token", address(policy), ITokenPolicy.token.selector, address(token));
        all[15] = Link("treasury.token", address(treasury), ITreasury.token.selector, address(token));
        all[16] = Link("treasury.members", address(treasury), ITreasury.members.selector, address(members));
        all[17] = Link("treasury.policy", address(treasury), ITreasury.policy.selector, address(policy));
        all[18] = Link("serviceExchange.token", address(exchange), IServiceExchange.token.selector, address(token));
        all[19] =
            Link("serviceExchange.members", address(exchange), IServiceExchange.members.selector, address(members));
        all[20] =
            Link("serviceExchange.policy", address(exchange), IServiceExchange.policy.selector, address(policy));
        all[21] = Link(
            "serviceExchange.treasury", address(exchange), IServiceExchange.treasury.selector, address(treasury)
        );
    }

    function testFuzz_register__part_of_another_community__is_refused(bool ledger_) public {
        address part = ledger_ ? address(ledger) : address(members);
        // Both contracts name their community under the same signature.
        mocks.mockCall(part, abi.encodeCall(IMemberRegistry.communityId, ()), abi.encode("other"));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryWrongCommunity.selector,
                ledger_ ? "settlementLedger" : "memberRegistry",
                "other",
                COMMUNITY
            )
        );
        registry.register(complete());
    }

    // -------------------------------------------------------------------------------------------------- PERMISSIONS

    /// @dev The function is given to a role that nobody of the set holds.
    function testFuzz_register__missing_permission__is_refused(uint8 which) public {
        Permission memory missing = permissions()[which % PERMISSIONS];
        allow(missing.target, missing.selector, Roles.AUDITOR);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityRegistry.CommunityRegistryNotPermitted.selector,
                missing.caller,
                missing.target,
                missing.selector
            )
        );
        registry.register(complete());
    }

    function permissions() private view returns (Permission[PERMISSIONS] memory all) {
        (address token_, address treasury_) = (address(token), address(treasury));
        all[0] = Permission(address(members), token_, ICommunityToken.setAccount.selector);
        all[1] = Permission(address(members), token_, ICommunityToken.moveAccount.selector);
        all[2] = Permission(address(members), token_, ICommunityToken.sweep.selector);
        all[3] = Permission(address(members), treasury_, ITreasury.grantWelcomeBonus.selector);
        all[4] = Permission(address(ledger), token_, ICommunityToken.creditBatch.selector);
        all[5] = Permission(address(policy), token_, ICommunityToken.setTransferFees.selector);
        all[6] = Permission(treasury_, token_, ICommunityToken.issue.selector);
        all[7] = Permission(treasury_, token_, ICommunityToken.burn.selector);
        all[8] = Permission(address(exchange), token_, ICommunityToken.escrow.selector);
        all[9] = Permission(address(exchange), token_, ICommunityToken.release.selector);
        all[10] = Permission(address(exchange), treasury_, ITreasury.fundService.selector);
        all[11] = Permission(address(exchange), treasury_, ITreasury.payIncentive.selector);
        all[12] = Permission(address(registry), token_, ICommunityToken.setSuspended.selector);
    }
}
