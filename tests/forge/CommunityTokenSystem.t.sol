// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {CommunityTokenDesk, ExchangeStub} from "./CommunityTokenDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev What Treasury and ServiceExchange do with the token, and how they get their accounts.
contract CommunityTokenSystemTest is CommunityTokenDesk {
    /// @dev The exchange is let in as it is in a community.
    function setUp() public override {
        super.setUp();
        AccessManager manager = AccessManager(token.authority());
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (ICommunityToken.escrow.selector, ICommunityToken.release.selector);
        manager.setTargetFunctionRole(address(token), selectors, Roles.SERVICE_EXCHANGE);
        manager.grantRole(Roles.SERVICE_EXCHANGE, exchange, 0);
        manager.grantRole(Roles.SERVICE_EXCHANGE, address(this), 0);
    }

    // ------------------------------------------------------------------------------------------------- DEPLOYMENT

    function test_constructor__treasury__is_an_active_system_account() public view {
        requireAccount(TREASURY, 0, SYSTEM, ACTIVE);
        same(token.treasury(), TREASURY, "treasury");
    }

    function test_constructor__without_treasury__is_refused() public {
        expectAccountInvalid();
        new CommunityToken(address(this), address(0), "Fontana", "FNT");
    }

    function expectAccountInvalid() private {
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenAccountInvalid.selector, address(0), 3, 1)
        );
    }

    function test_bind__exchange__receives_from_the_system_only() public view {
        requireAccount(exchange, 0, SYSTEM, LEFT);
        same(token.exchange(), exchange, "exchange");
    }

    function test_bind__again__is_refused_with_the_bound_one() public {
        address other = address(new ExchangeStub(address(token)));
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenAlreadyBound.selector, exchange));
        token.bind(other);
    }

    function test_bind__exchange_of_another_token__is_refused() public {
        CommunityToken fresh = new CommunityToken(token.authority(), TREASURY, "Fontana", "FNT");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityToken.CommunityTokenNotLinked.selector, "exchange.token", address(token), address(fresh)
            )
        );
        fresh.bind(exchange);
    }

    /// @dev Each restricted function, called by a member: refused by name of the caller.
    function test_restricted__every_function__refuses_a_member() public {
        bytes[13] memory calls = [
            abi.encodeCall(token.setAccount, (alice, 1, 1)),
            abi.encodeCall(token.moveAccount, (alice, mallory)),
            abi.encodeCall(token.sweep, (alice)),
            abi.encodeCall(token.creditBatch, (new bytes32[](0), address(0), 0, 0, 0)),
            abi.encodeCall(token.setTransferFees, (0, 0, 0)),
            abi.encodeCall(token.issue, (1)),
            abi.encodeCall(token.burn, (1)),
            abi.encodeCall(token.escrow, (alice, 1)),
            abi.encodeCall(token.release, (alice, 1, 0)),
            abi.encodeCall(token.pause, ()),
            abi.encodeCall(token.unpause, ()),
            abi.encodeCall(token.setSuspended, (true)),
            abi.encodeCall(token.bind, (exchange))
        ];
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, alice);
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(alice);
            (bool done, bytes memory answer) = address(token).call(calls[i]);
            require(!done && keccak256(answer) == keccak256(refusal), vm.toString(i));
        }
    }

    // ---------------------------------------------------------------------------------------------- ISSUE AND BURN

    function testFuzz_issue__then_burn__moves_the_supply(uint96 amount, uint96 burned) public {
        if (amount != type(uint96).max) burned %= amount + 1;
        token.issue(amount);
        same(token.totalSupply(), amount, "supply after issue");
        token.burn(burned);
        same(token.totalSupply(), amount - burned, "supply after burn");
        requireAccount(TREASURY, amount - burned, SYSTEM, ACTIVE);
    }

    function test_issue__emits_transfer_from_zero() public {
        vm.recordLogs();
        token.issue(5);
        requireTransfer(vm.getRecordedLogs()[0], address(0), TREASURY, 5);
    }

    function test_burn__emits_transfer_to_zero() public {
        token.issue(5);
        vm.recordLogs();
        token.burn(4);
        requireTransfer(vm.getRecordedLogs()[0], TREASURY, address(0), 4);
    }

    function test_burn__more_than_the_treasury_holds__is_refused() public {
        token.issue(5);
        credit(alice, 50);
        expectShort(TREASURY, 5, 6);
        token.burn(6);
    }

    function expectShort(address wallet, uint256 held, uint256 amount) private {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, wallet, held, amount)
        );
    }

    // ------------------------------------------------------------------------------------------ ESCROW AND RELEASE

    function testFuzz_escrow__within_the_allowance__moves_without_fee(uint96 held, uint96 amount) public {
        if (held != type(uint96).max) amount %= held + 1;
        setFee(2000);
        credit(alice, held);
        approve(held);
        vm.prank(exchange);
        token.escrow(alice, amount);
        requireAccount(alice, held - amount, CITIZEN, ACTIVE);
        requireAccount(exchange, amount, SYSTEM, LEFT);
        same(token.allowance(alice, exchange), held - amount, "allowance");
    }

    function test_escrow__emits_one_transfer() public {
        credit(alice, 9);
        approve(9);
        vm.recordLogs();
        vm.prank(exchange);
        token.escrow(alice, 4);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 1, "events");
        requireTransfer(logs[0], alice, exchange, 4);
    }

    function test_escrow__above_the_allowance__is_refused() public {
        credit(alice, 9);
        approve(8);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, exchange, 8, 9)
        );
        vm.prank(exchange);
        token.escrow(alice, 9);
    }

    function test_escrow__above_the_balance__is_refused() public {
        credit(alice, 9);
        approve(10);
        expectShort(alice, 9, 10);
        vm.prank(exchange);
        token.escrow(alice, 10);
    }

    function testFuzz_escrow__by_status__as_a_transfer(uint8 status) public {
        status = 1 + status % 4;
        credit(alice, 9);
        approve(9);
        token.setAccount(alice, CITIZEN, status);
        bool sends = status == ACTIVE || status == LEFT;
        if (!sends) expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, status);
        vm.prank(exchange);
        token.escrow(alice, 9);
        same(token.balanceOf(exchange), sends ? 9 : 0, "escrow");
    }

    /// @dev A caller that the authority lets in by mistake: its tokens would be those of a non-member.
    function test_escrow__caller_without_system_account__is_refused() public {
        credit(alice, 9);
        vm.prank(alice);
        token.approve(address(this), 9);
        expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, address(this), 0);
        token.escrow(alice, 9);
    }

    function approve(uint256 amount) private {
        vm.prank(alice);
        token.approve(exchange, amount);
    }

    function testFuzz_release__any_fee__is_exact_for_every_status(uint96 held, uint16 bps, uint8 status) public {
        (bps, status) = (bps % 2001, 1 + status % 4);
        fund(exchange, held);
        token.setAccount(bob, STAKEHOLDER, status);
        vm.prank(exchange);
        token.release(bob, held, bps);
        uint256 fee = uint256(held) * bps / 10_000;
        requireAccount(bob, held - fee, STAKEHOLDER, status);
        requireAccount(TREASURY, fee, SYSTEM, ACTIVE);
        requireAccount(exchange, 0, SYSTEM, LEFT);
    }

    function test_release__with_fee__emits_both_parts_and_the_fee() public {
        fund(exchange, 200);
        vm.recordLogs();
        vm.prank(exchange);
        token.release(bob, 200, 500);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        same(logs.length, 3, "events");
        requireTransfer(logs[0], exchange, bob, 190);
        requireTransfer(logs[1], exchange, TREASURY, 10);
        requireFee(logs[2], exchange, bob, 200, 10, 1);
    }

    function test_release__to_the_treasury__keeps_everything_there() public {
        fund(exchange, 200);
        vm.prank(exchange);
        token.release(TREASURY, 200, 500);
        requireAccount(TREASURY, 200, SYSTEM, ACTIVE);
    }

    function test_release__to_a_non_member__is_refused() public {
        fund(exchange, 5);
        expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, mallory, 0);
        vm.prank(exchange);
        token.release(mallory, 5, 0);
    }

    function test_release__more_than_in_escrow__is_refused() public {
        fund(exchange, 5);
        expectShort(exchange, 5, 6);
        vm.prank(exchange);
        token.release(bob, 6, 0);
    }

    function test_release__fee_above_the_limit__is_refused() public {
        fund(exchange, 5);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenFeeAboveLimit.selector, 2001, 2000));
        vm.prank(exchange);
        token.release(bob, 5, 2001);
    }
}
