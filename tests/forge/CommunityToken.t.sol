// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {Vm} from "./Vm.sol";

contract CommunityTokenTest is CommunityFixture {
    uint256 private constant SUPPLY_MAX = type(uint128).max;

    address private alice;
    address private bob;

    /// @dev This contract stands for registry and ledger.
    function setUp() public override {
        super.setUp();
        manager.grantRole(100, address(this), 0);
        manager.grantRole(101, address(this), 0);
        (alice, bob) = (walletOf(1), walletOf(2));
        (alice, bob) = alice < bob ? (alice, bob) : (bob, alice);
        token.setAccount(alice, 1, 1);
        token.setAccount(bob, 2, 1);
    }

    function credit(address wallet, uint96 amount) private {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(wallet, amount);
        token.creditBatch(words, address(0), amount);
    }

    // ----------------------------------------------------------------------------------------------- BATCH CREDIT

    function testFuzz_creditBatch__any_amounts__keeps_class_and_status(uint96 first, uint96 second, uint8 status)
        public
    {
        status = 1 + status % 3;
        token.setAccount(bob, 2, status);
        credit(bob, first);
        credit(bob, second);
        (uint128 balance, uint8 class_, uint8 found) = token.accountOf(bob);
        same(balance, uint256(first) + second, "balance");
        same(token.totalSupply(), uint256(first) + second, "supply");
        require(class_ == 2 && found == status, "class or status changed");
    }

    function testFuzz_creditBatch__non_member_between_members__is_skipped(uint96[3] memory amounts, uint160 stranger)
        public
    {
        address between = address(uint160(alice) + 1 + stranger % (uint160(bob) - uint160(alice) - 1));
        bytes32[] memory words = new bytes32[](3);
        words[0] = word(alice, amounts[0]);
        words[1] = word(between, amounts[1]);
        words[2] = word(bob, amounts[2]);
        vm.recordLogs();
        (uint256 credited, uint256 skipped) = token.creditBatch(words, address(0), type(uint96).max);
        same(credited, uint256(amounts[0]) + amounts[2], "credited");
        same(skipped, amounts[1], "skipped");
        same(token.balanceOf(between), 0, "tokens of a non-member");
        requireLog(vm.getRecordedLogs()[1], ICommunityToken.CreditSkipped.selector, between, amounts[1]);
    }

    function requireLog(Vm.Log memory log, bytes32 topic, address wallet, uint256 amount) private pure {
        same(log.topics[0], topic, "event");
        same(log.topics[log.topics.length - 1], bytes32(uint256(uint160(wallet))), "wallet of the event");
        same(abi.decode(log.data, (uint256)), amount, "amount of the event");
    }

    function test_creditBatch__member__emits_transfer_from_zero() public {
        vm.recordLogs();
        credit(alice, 7);
        Vm.Log memory log = vm.getRecordedLogs()[0];
        requireLog(log, keccak256("Transfer(address,address,uint256)"), alice, 7);
        same(log.topics[1], bytes32(0), "sender of the event");
    }

    function testFuzz_creditBatch__wallets_not_ascending__is_refused_with_both(uint160 first, uint160 second) public {
        (first, second) = first > second ? (first, second) : (second, first);
        if (first == 0) first = 1;
        bytes32[] memory words = new bytes32[](2);
        words[0] = word(address(first), 0);
        words[1] = word(address(second), 0);
        bytes4 selector = ICommunityToken.CommunityTokenWalletsNotAscending.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(second), address(first)));
        token.creditBatch(words, address(0), 0);
        words[1] = word(address(type(uint160).max), 0);
        vm.expectRevert(abi.encodeWithSelector(selector, address(first), address(first)));
        token.creditBatch(words, address(first), 0);
    }

    function testFuzz_creditBatch__amount_above_cap__is_refused_with_both(uint96 cap, uint96 above) public {
        if (cap == type(uint96).max) --cap;
        above = uint96(cap + 1 + above % (type(uint96).max - cap));
        bytes32[] memory words = new bytes32[](2);
        words[0] = word(alice, cap);
        words[1] = word(bob, above);
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenPayoutAboveCap.selector, bob, above, cap)
        );
        token.creditBatch(words, address(0), cap);
    }

    /// @dev The supply is set close to its limit by hand, since no number of batches would reach it.
    function test_creditBatch__supply_of_128_bits__is_the_limit() public {
        uint256 slot = supplySlot();
        vm.store(address(token), bytes32(slot), bytes32(SUPPLY_MAX - 5));
        credit(alice, 5);
        same(token.totalSupply(), SUPPLY_MAX, "supply");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommunityToken.CommunityTokenSupplyLimit.selector, SUPPLY_MAX + 1, SUPPLY_MAX
            )
        );
        this.creditOne(alice);
    }

    function creditOne(address wallet) external {
        credit(wallet, 1);
    }

    function supplySlot() private returns (uint256 slot) {
        credit(alice, 0x1234_5678_9abc);
        while (uint256(vm.load(address(token), bytes32(slot))) != 0x1234_5678_9abc) ++slot;
    }

    // -------------------------------------------------------------------------------------------------- TRANSFERS

    function testFuzz_transfer__between_members__moves_and_conserves(uint96 held, uint256 amount, bool toSelf) public {
        credit(alice, held);
        amount %= uint256(held) + 1;
        address to = toSelf ? alice : bob;
        vm.prank(alice);
        require(token.transfer(to, amount), "answer");
        same(token.balanceOf(alice), toSelf ? held : held - amount, "sender");
        same(token.balanceOf(bob), toSelf ? 0 : amount, "receiver");
        same(token.totalSupply(), held, "supply");
        (, uint8 class_, uint8 status) = token.accountOf(bob);
        require(class_ == 2 && status == 1, "class or status changed");
    }

    function testFuzz_transfer__more_than_held__is_refused(uint96 held, uint256 amount) public {
        credit(alice, held);
        if (amount <= held) amount = uint256(held) + 1;
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, uint256(held), amount)
        );
        token.transfer(bob, amount);
    }

    function testFuzz_transfer__by_status__as_the_table_says(uint8 fromStatus, uint8 toStatus) public {
        (fromStatus, toStatus) = (1 + fromStatus % 3, toStatus % 4);
        credit(alice, 9);
        token.setAccount(alice, 1, fromStatus);
        token.setAccount(bob, toStatus == 0 ? 0 : 1, toStatus);
        bool sends = fromStatus == 1 || fromStatus == 3;
        bool receives = toStatus == 1 || toStatus == 2;
        if (!sends) expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, fromStatus);
        else if (!receives) expectStatus(ICommunityToken.CommunityTokenCannotReceive.selector, bob, toStatus);
        vm.prank(alice);
        token.transfer(bob, 9);
        same(token.balanceOf(bob), sends && receives ? 9 : 0, "receiver");
    }

    function test_transfer__of_nothing_by_a_non_member__is_refused() public {
        expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, walletOf(3), 0);
        vm.prank(walletOf(3));
        token.transfer(bob, 0);
    }

    function expectStatus(bytes4 selector, address wallet, uint8 status) private {
        vm.expectRevert(abi.encodeWithSelector(selector, wallet, status));
    }

    function testFuzz_permit__then_transferFrom__obeys_the_owner_status(uint96 held, bool frozen) public {
        uint256 key = walletOf(1) == alice ? memberKey(1) : memberKey(2);
        credit(alice, held);
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(
            abi.encode(typehash, alice, address(this), uint256(held), token.nonces(alice), block.timestamp)
        );
        bytes memory signature = signTyped(key, "Fontana", "1", address(token), structHash);
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        token.permit(alice, address(this), held, block.timestamp, uint8(signature[64]), r, s);
        same(token.nonces(alice), 1, "nonce");
        if (frozen) token.setAccount(alice, 1, 2);
        if (frozen) expectStatus(ICommunityToken.CommunityTokenCannotSend.selector, alice, 2);
        token.transferFrom(alice, bob, held);
        same(token.balanceOf(bob), frozen ? 0 : held, "receiver");
    }

    // --------------------------------------------------------------------------------------------------- ACCOUNTS

    function testFuzz_setAccount__any_pair__taken_only_from_the_table(uint8 class_, uint8 status) public {
        (class_, status) = (class_ % 6, status % 6);
        bool none = class_ == 0 && status == 0;
        bool member = class_ >= 1 && class_ <= 3 && status >= 1 && status <= 3;
        address wallet = walletOf(3);
        if (!none && !member) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICommunityToken.CommunityTokenAccountInvalid.selector, wallet, class_, status
                )
            );
        }
        token.setAccount(wallet, class_, status);
        (, uint8 foundClass, uint8 foundStatus) = token.accountOf(wallet);
        if (none || member) require(foundClass == class_ && foundStatus == status, "not written");
    }

    function test_setAccount__the_zero_address__is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICommunityToken.CommunityTokenAccountInvalid.selector, address(0), 1, 1)
        );
        token.setAccount(address(0), 1, 1);
    }

    function test_setAccount__holder_to_none__is_refused() public {
        credit(alice, 3);
        vm.expectRevert(abi.encodeWithSelector(ICommunityToken.CommunityTokenNotEmpty.selector, alice, 3));
        token.setAccount(alice, 0, 0);
    }

    function test_setAccount__same_values__emits_nothing() public {
        vm.recordLogs();
        token.setAccount(alice, 1, 1);
        same(vm.getRecordedLogs().length, 0, "events");
    }
}
