// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {TokenPolicy} from "../../contracts/TokenPolicy.sol";
import {Treasury} from "../../contracts/Treasury.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ForgeTest} from "./ForgeTest.sol";

/// @dev What the Treasury asks of the member registry, and a hand that writes it.
contract MembersStub {
    address public token;
    address public treasury;
    mapping(bytes32 memberId => address) public walletOf;

    constructor(address token_, address treasury_) {
        (token, treasury) = (token_, treasury_);
    }

    function setWallet(bytes32 memberId, address wallet) external {
        walletOf[memberId] = wallet;
    }
}

/// @dev Policy, Treasury and token as deployed, without the rest of the set. The test contract is ADMIN_ROLE, so it may
/// call every restricted function itself, in the place of the administrators and of the other contracts.
abstract contract TreasuryDesk is ForgeTest {
    uint64 internal constant T0 = 1_464_739_200; // 2016-06-01 00:00 UTC
    uint64 internal constant NOTICE = 7 days;
    uint64 internal constant MONTH = 30 days;
    uint64 internal constant YEAR = 365 days;
    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;
    uint8 internal constant ACTIVE = 1;
    uint8 internal constant LEFT = 3;
    uint8 internal constant LEFT_FROZEN = 4;
    address internal constant STRANGER = address(0x57);

    AccessManager internal manager;
    TokenPolicy internal policy;
    Treasury internal treasury;
    CommunityToken internal token;
    MembersStub internal members;

    function setUp() public virtual {
        vm.chainId(1981);
        vm.warp(T0);
        manager = new AccessManager(address(this));
        policy = new TokenPolicy(address(manager), NOTICE, initial());
        treasury = new Treasury(address(manager), address(policy));
        token = new CommunityToken(address(manager), address(treasury), "Fontana", "FNT");
        members = new MembersStub(address(token), address(treasury));
        manager.grantRole(0, address(policy), 0);
        manager.grantRole(0, address(treasury), 0);
        policy.bind(address(token));
        treasury.bind(address(token), address(members));
    }

    // ----------------------------------------------------------------------------------------------------- RULES

    function initial() internal pure virtual returns (ITokenPolicy.Initial memory) {
        return ITokenPolicy.Initial(tenFees(), bonuses(), ITokenPolicy.Rates(1e16, 10e18), budgets());
    }

    /// @dev Ten different rates, so that a test that reads the wrong one shows it.
    function tenFees() internal pure returns (ITokenPolicy.Fees memory) {
        return ITokenPolicy.Fees(100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);
    }

    function bonuses() internal pure returns (ITokenPolicy.Bonuses memory) {
        return ITokenPolicy.Bonuses(20e18, 50e18, 5e18, 10e18, 15e18);
    }

    function budgets() internal pure returns (ITokenPolicy.Budgets memory) {
        return ITokenPolicy.Budgets(500e18, 100e18, 40e18, 10_000e18);
    }

    /// @dev First second that the notice allows.
    function soonest() internal view returns (uint64) {
        return uint64(block.timestamp) + NOTICE + 1;
    }

    /// @dev Schedules a rule for the soonest moment and waits for it.
    function enforce(uint8 category, uint8 kind, ITokenPolicy.IncentiveRule memory rule) internal {
        uint64 validFrom = soonest();
        policy.scheduleIncentive(category, kind, rule, validFrom);
        vm.warp(validFrom);
    }

    function enforce(ITokenPolicy.Budgets memory changed) internal {
        uint64 validFrom = soonest();
        policy.scheduleBudgets(changed, validFrom);
        vm.warp(validFrom);
    }

    function enforce(ITokenPolicy.Bonuses memory changed) internal {
        uint64 validFrom = soonest();
        policy.scheduleBonuses(changed, validFrom);
        vm.warp(validFrom);
    }

    function enforce(ITokenPolicy.Rates memory changed) internal {
        uint64 validFrom = soonest();
        policy.scheduleRates(changed, validFrom);
        vm.warp(validFrom);
    }

    // --------------------------------------------------------------------------------------------------- MEMBERS

    function idOf(uint256 number) internal pure returns (bytes32) {
        return bytes32(number);
    }

    function walletOf(uint256 number) internal pure returns (address) {
        return address(uint160(0x1000 + number));
    }

    function join(uint256 number, uint8 class_) internal returns (bytes32 memberId) {
        memberId = idOf(number);
        members.setWallet(memberId, walletOf(number));
        token.setAccount(walletOf(number), class_, ACTIVE);
    }

    /// @dev The member's account moves to another wallet, as the registry does it.
    function replaceWallet(uint256 number, address wallet) internal {
        token.moveAccount(walletOf(number), wallet);
        members.setWallet(idOf(number), wallet);
    }

    function held(uint256 number) internal view returns (uint256) {
        return token.balanceOf(walletOf(number));
    }

    /// @dev Tokens for the Treasury beside the yearly budget, as from fees and sweeps.
    function fund(uint256 units) internal {
        token.issue(units);
    }

    function holdings() internal view returns (uint256) {
        return token.balanceOf(address(treasury));
    }

    // ---------------------------------------------------------------------------------------------- EXPECTATIONS

    /// @dev Nobody without a role may call it; the arguments do not matter.
    function requireRestricted(address target, bytes memory callData) internal {
        vm.prank(STRANGER);
        (bool success, bytes memory reason) = target.call(callData);
        require(!success, "a stranger was let in");
        bytes memory expected = abi.encodeWithSignature("AccessManagedUnauthorized(address)", STRANGER);
        same(keccak256(reason), keccak256(expected), "refused for another reason");
    }
}
