// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {ForgeTest} from "./ForgeTest.sol";
import {Vm} from "./Vm.sol";

/// @dev What the token asks of its exchange when it is bound.
contract ExchangeStub {
    address public token;

    constructor(address token_) {
        token = token_;
    }
}

/// @dev The token alone. The test contract is ADMIN_ROLE, so it may call every restricted function itself, in the place
/// of the other contracts of the set. Alice is a citizen, Bob a stakeholder, Carol a citizen, Mallory no member.
abstract contract CommunityTokenDesk is ForgeTest {
    uint256 internal constant SUPPLY_MAX = type(uint128).max;
    uint64 internal constant T0 = 1_464_739_200; // 2016-06-01 00:00 UTC
    address internal constant TREASURY = address(0x7EA);

    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;
    uint8 internal constant SYSTEM = 3;
    uint8 internal constant ACTIVE = 1;
    uint8 internal constant FROZEN = 2;
    uint8 internal constant LEFT = 3;
    uint8 internal constant LEFT_FROZEN = 4;

    CommunityToken internal token;
    address internal exchange;
    address internal alice;
    address internal bob;
    address internal carol;
    address internal mallory;

    /// Throw-away keys; the wallets of 1 to 3 ascend.
    uint256[3] private _keys = [uint256(0x10001), 0x10002, 0x10003];

    function setUp() public virtual {
        vm.chainId(1981);
        vm.warp(T0);
        token = new CommunityToken(address(new AccessManager(address(this))), TREASURY, "Fontana", "FNT");
        exchange = address(new ExchangeStub(address(token)));
        token.bind(exchange);
        for (uint256 i; i < 3; ++i) {
            for (uint256 j = i; j > 0 && vm.addr(_keys[j]) < vm.addr(_keys[j - 1]); --j) {
                (_keys[j], _keys[j - 1]) = (_keys[j - 1], _keys[j]);
            }
        }
        (alice, bob, carol) = (vm.addr(_keys[0]), vm.addr(_keys[1]), vm.addr(_keys[2]));
        mallory = vm.addr(0x666);
        token.setAccount(alice, CITIZEN, ACTIVE);
        token.setAccount(bob, STAKEHOLDER, ACTIVE);
        token.setAccount(carol, CITIZEN, ACTIVE);
    }

    // ------------------------------------------------------------------------------------------------------ ACTS

    function keyOf(address wallet) internal view returns (uint256) {
        if (wallet == mallory) return 0x666;
        return _keys[wallet == alice ? 0 : wallet == bob ? 1 : 2];
    }

    function word(address wallet, uint96 amount) internal pure returns (bytes32) {
        return bytes32((uint256(uint160(wallet)) << 96) | amount);
    }

    /// @dev Credits one wallet, without fee.
    function credit(address wallet, uint96 amount) internal {
        token.creditBatch(oneWord(wallet, amount), address(0), amount, 0, 0);
    }

    function oneWord(address wallet, uint96 amount) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](1);
        words[0] = word(wallet, amount);
    }

    /// @dev Tokens for a system account, which no member is credited: issued, then sent on by the Treasury.
    function fund(address system, uint256 amount) internal {
        token.issue(amount);
        if (system == TREASURY) return;
        vm.prank(TREASURY);
        token.transfer(system, amount);
    }

    function packed(uint16 toCitizen, uint16 toStakeholder, uint16 fromStakeholder, uint16 between)
        internal
        pure
        returns (uint64)
    {
        return uint64(toCitizen) << 48 | uint64(toStakeholder) << 32 | uint64(fromStakeholder) << 16 | between;
    }

    /// @dev The same fee for every pair of members, now.
    function setFee(uint16 bps) internal {
        token.setTransferFees(packed(bps, bps, bps, bps), 0, 0);
    }

    function typed(address signer, bytes32 structHash) internal view returns (bytes memory) {
        return signTyped(keyOf(signer), "Fontana", "1", address(token), structHash);
    }

    // ---------------------------------------------------------------------------------------------- EXPECTATIONS

    function expectStatus(bytes4 selector, address wallet, uint8 status) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, wallet, status));
    }

    function requireAccount(address wallet, uint256 balance, uint8 class_, uint8 status) internal view {
        (uint128 foundBalance, uint8 foundClass, uint8 foundStatus) = token.accountOf(wallet);
        same(foundBalance, balance, "balance");
        same(foundClass, class_, "class");
        same(foundStatus, status, "status");
    }

    function requireTransfer(Vm.Log memory log, address from, address to, uint256 amount) internal pure {
        same(log.topics[0], IERC20.Transfer.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(from))), "sender of the event");
        same(log.topics[2], bytes32(uint256(uint160(to))), "receiver of the event");
        same(abi.decode(log.data, (uint256)), amount, "amount of the event");
    }

    function requireFee(Vm.Log memory log, address from, address to, uint256 amount, uint256 fee, uint8 flow)
        internal
        pure
    {
        same(log.topics[0], ICommunityToken.FeeCharged.selector, "event");
        same(log.topics[1], bytes32(uint256(uint160(from))), "payer of the fee");
        same(log.topics[2], bytes32(uint256(uint160(to))), "receiver of the flow");
        same(keccak256(log.data), keccak256(abi.encode(amount, fee, flow)), "amount, fee or flow");
    }
}
