// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../contracts/RewardModels.sol";
import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {TokenPolicy} from "../../contracts/TokenPolicy.sol";
import {Treasury} from "../../contracts/Treasury.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IRewardModels} from "../../contracts/interfaces/IRewardModels.sol";
import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {SettlementDesk} from "./SettlementDesk.sol";

/// @dev A deployed community: the whole set in the order of its deployment, bound, with every role. The test contract
/// stays ADMIN_ROLE, so that a test can give functions to itself with `allow`.
abstract contract CommunityFixture is SettlementDesk {
    function setUp() public virtual {
        vm.chainId(1981);
        vm.warp(T0);
        deploySet();
        allowMembers();
        allowSettlement();
        allowMoney();
        allowExchange();
        grantRoles();
        token.bind(address(exchange));
        policy.bind(address(token));
        treasury.bind(address(token), address(members));
    }

    // ------------------------------------------------------------------------------------------------ DEPLOYMENT

    function deploySet() private {
        manager = new AccessManager(address(this));
        policy = new TokenPolicy(address(manager), NOTICE, initialPolicy());
        treasury = new Treasury(address(manager), address(policy));
        token = new CommunityToken(address(manager), address(treasury), "Fontana", "FNT");
        members = new MemberRegistry(memberConfiguration());
        models = new RewardModels(address(manager), NOTICE);
        ledger = new SettlementLedger(configuration());
        exchange = new ServiceExchange(exchangeConfiguration());
    }

    /// @dev No fee, no bonus, an hour of the time bank for 10 tokens, a cent for a tenth of one, wide budgets.
    function initialPolicy() internal view virtual returns (ITokenPolicy.Initial memory initial) {
        initial.rates = ITokenPolicy.Rates({unitsPerCent: 0.1e18, unitsPerHour: 10e18});
        initial.budgets = ITokenPolicy.Budgets({
            incentivesPerMonthUnits: 100_000e18,
            memberPerMonthUnits: 10_000e18,
            pairPerMonthUnits: 10_000e18,
            issuePerYearUnits: YEARLY_ISSUE
        });
    }

    function configuration() internal view returns (ISettlementLedger.Configuration memory) {
        return ISettlementLedger.Configuration({
            authority: address(manager),
            token: address(token),
            models: address(models),
            policy: address(policy),
            communityId: COMMUNITY,
            genesisHash: GENESIS_HASH,
            periodKind: 2,
            minNotice: NOTICE,
            periodCap: PERIOD_CAP,
            memberCap: MEMBER_CAP,
            requiredSignatures: 1
        });
    }

    function memberConfiguration() internal view returns (IMemberRegistry.Configuration memory) {
        return IMemberRegistry.Configuration({
            authority: address(manager),
            token: address(token),
            treasury: address(treasury),
            communityId: COMMUNITY,
            minNotice: NOTICE,
            replacementDelay: REPLACEMENT_DELAY
        });
    }

    function exchangeConfiguration() internal view returns (IServiceExchange.Configuration memory) {
        return IServiceExchange.Configuration({
            authority: address(manager),
            token: address(token),
            members: address(members),
            policy: address(policy),
            treasury: address(treasury),
            confirmationPeriod: CONFIRMATION_PERIOD
        });
    }

    // ----------------------------------------------------------------------------------------------------- ROLES

    function allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    function allowMembers() private {
        allow(address(token), ICommunityToken.setAccount.selector, Roles.MEMBER_REGISTRY);
        allow(address(token), ICommunityToken.moveAccount.selector, Roles.MEMBER_REGISTRY);
        allow(address(token), ICommunityToken.sweep.selector, Roles.MEMBER_REGISTRY);
        allow(address(members), IMemberRegistry.join.selector, Roles.REGISTRAR);
        allow(address(members), IMemberRegistry.proposeReplacement.selector, Roles.REGISTRAR);
        allow(address(members), IMemberRegistry.freeze.selector, Roles.COMMUNITY_ADMIN);
        allow(address(members), IMemberRegistry.unfreeze.selector, Roles.COMMUNITY_ADMIN);
        allow(address(members), IMemberRegistry.announceExclusion.selector, Roles.COMMUNITY_ADMIN);
        allow(address(members), IMemberRegistry.cancelExclusion.selector, Roles.COMMUNITY_ADMIN);
        allow(address(members), IMemberRegistry.exclude.selector, Roles.COMMUNITY_ADMIN);
        allow(address(members), IMemberRegistry.cancelReplacement.selector, Roles.COMMUNITY_ADMIN);
    }

    function allowSettlement() private {
        allow(address(token), ICommunityToken.creditBatch.selector, Roles.SETTLEMENT_LEDGER);
        allow(address(models), IRewardModels.schedule.selector, Roles.ORACLE_ADMIN);
        allow(address(ledger), ISettlementLedger.anchorIngest.selector, Roles.ORACLE);
        allow(address(ledger), ISettlementLedger.scheduleCaps.selector, Roles.COMMUNITY_ADMIN);
        allow(address(ledger), ISettlementLedger.voidRestInPause.selector, Roles.COMMUNITY_ADMIN);
        allow(address(ledger), ISettlementLedger.setRequiredSignatures.selector, Roles.ORACLE_ADMIN);
    }

    function allowMoney() private {
        allow(address(token), ICommunityToken.setTransferFees.selector, Roles.TOKEN_POLICY);
        allow(address(token), ICommunityToken.issue.selector, Roles.TREASURY);
        allow(address(token), ICommunityToken.burn.selector, Roles.TREASURY);
        allow(address(token), ICommunityToken.pause.selector, Roles.GUARDIAN);
        allow(address(token), ICommunityToken.unpause.selector, Roles.COMMUNITY_ADMIN);
        allow(address(token), ICommunityToken.setSuspended.selector, Roles.COMMUNITY_REGISTRY);
        allow(address(policy), ITokenPolicy.scheduleFees.selector, Roles.TOKEN_ADMIN);
        allow(address(policy), ITokenPolicy.scheduleIncentive.selector, Roles.TOKEN_ADMIN);
        allow(address(policy), ITokenPolicy.scheduleBonuses.selector, Roles.TOKEN_ADMIN);
        allow(address(policy), ITokenPolicy.scheduleRates.selector, Roles.TOKEN_ADMIN);
        allow(address(policy), ITokenPolicy.scheduleBudgets.selector, Roles.COMMUNITY_ADMIN);
        allow(address(treasury), ITreasury.issue.selector, Roles.TOKEN_ADMIN);
        allow(address(treasury), ITreasury.burn.selector, Roles.TOKEN_ADMIN);
        allow(address(treasury), ITreasury.sell.selector, Roles.TOKEN_ADMIN);
        allow(address(treasury), ITreasury.openEnergyBonus.selector, Roles.TOKEN_ADMIN);
        allow(address(treasury), ITreasury.grantWelcomeBonus.selector, Roles.MEMBER_REGISTRY);
    }

    function allowExchange() private {
        allow(address(token), ICommunityToken.escrow.selector, Roles.SERVICE_EXCHANGE);
        allow(address(token), ICommunityToken.release.selector, Roles.SERVICE_EXCHANGE);
        allow(address(treasury), ITreasury.fundService.selector, Roles.SERVICE_EXCHANGE);
        allow(address(treasury), ITreasury.payIncentive.selector, Roles.SERVICE_EXCHANGE);
        allow(address(exchange), IServiceExchange.proposeForCommunity.selector, Roles.COMMUNITY_ADMIN);
        allow(address(exchange), IServiceExchange.acceptForCommunity.selector, Roles.COMMUNITY_ADMIN);
        allow(address(exchange), IServiceExchange.cancelForCommunity.selector, Roles.COMMUNITY_ADMIN);
        allow(address(exchange), IServiceExchange.disputeForCommunity.selector, Roles.COMMUNITY_ADMIN);
        allow(address(exchange), IServiceExchange.resolve.selector, Roles.COMMUNITY_ADMIN);
        allow(address(exchange), IServiceExchange.resolveForCommunity.selector, Roles.PLATFORM_ADMIN);
        allow(address(exchange), IServiceExchange.recordCheck.selector, Roles.VERIFIER);
    }

    function grantRoles() private {
        manager.grantRole(Roles.PLATFORM_ADMIN, PLATFORM_ADMIN, 0);
        manager.grantRole(Roles.COMMUNITY_ADMIN, COMMUNITY_ADMIN, 0);
        manager.grantRole(Roles.TOKEN_ADMIN, TOKEN_ADMIN, 0);
        manager.grantRole(Roles.ORACLE_ADMIN, ORACLE_ADMIN, 0);
        manager.grantRole(Roles.REGISTRAR, REGISTRAR, 0);
        manager.grantRole(Roles.VERIFIER, VERIFIER, 0);
        manager.grantRole(Roles.GUARDIAN, GUARDIAN, 0);
        manager.grantRole(Roles.MEMBER_REGISTRY, address(members), 0);
        manager.grantRole(Roles.SETTLEMENT_LEDGER, address(ledger), 0);
        manager.grantRole(Roles.TOKEN_POLICY, address(policy), 0);
        manager.grantRole(Roles.TREASURY, address(treasury), 0);
        manager.grantRole(Roles.SERVICE_EXCHANGE, address(exchange), 0);
        manager.grantRole(Roles.COMMUNITY_REGISTRY, PLATFORM_REGISTRY, 0);
        oracleKeys = [uint256(0xA1), 0xA2, 0xA3];
        for (uint256 i; i < 3; ++i) {
            manager.grantRole(Roles.ORACLE, vm.addr(oracleKeys[i]), 0);
            for (uint256 j = i; j > 0 && vm.addr(oracleKeys[j]) < vm.addr(oracleKeys[j - 1]); --j) {
                (oracleKeys[j], oracleKeys[j - 1]) = (oracleKeys[j - 1], oracleKeys[j]);
            }
        }
    }
}
