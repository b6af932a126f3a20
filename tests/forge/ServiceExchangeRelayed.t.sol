// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeSignatures} from "./ExchangeSignatures.sol";

/// @dev A wallet that is a contract: it accepts what its owner signed.
contract ContractWallet {
    bytes32 public accepted;

    function allow(bytes32 digest) external {
        accepted = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == accepted ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @dev Acts that a member signs and anybody carries.
contract ServiceExchangeRelayedTest is ExchangeSignatures {
    // ------------------------------------------------------------------------------------------------ EVERY ACT

    function test_agreementId__any_terms__struct_hash(IServiceExchange.Terms memory terms) external view {
        same(exchange.agreementId(terms), hashOf(terms), "struct hash");
    }

    function test_propose__every_act_of_a_loan_relayed__settled_and_rated() external {
        IServiceExchange.Terms memory terms = termsOf(1, 3);
        exchange.propose(terms, signed("propose", terms, ANNA, 0), noPermit());
        exchange.accept(terms, signed("accept", terms, BRUNO, 0), noPermit());
        exchange.deliver(terms, signed("deliver", terms, ANNA, 0));
        exchange.confirm(terms, signed("confirm", terms, BRUNO, 0));
        exchange.declareReturn(terms, signed("declareReturn", terms, BRUNO, 0));
        exchange.confirmReturn(terms, signed("confirmReturn", terms, ANNA, 0));
        bytes32 detail = keccak256(abi.encode(uint8(4), REASON));
        exchange.giveFeedback(terms, 4, REASON, signed("feedback", terms, BRUNO, detail));
        requireState(exchange.agreementId(terms), SETTLED);
        same(exchange.nonces(walletOf(BRUNO)), 4, "nonce");
    }

    function test_cancel__relayed__cancelled() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = propose(terms, ANNA);
        exchange.cancel(terms, signed("cancel", terms, ANNA, 0));
        requireState(id, CANCELLED);
    }

    function test_dispute__relayed_with_its_reason__disputed() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agree(terms);
        exchange.dispute(terms, REASON, signed("dispute", terms, BRUNO, REASON));
        requireState(id, DISPUTED);
    }

    // ------------------------------------------------------------------------------------------------- REFUSALS

    function test_accept__signature_replayed__refused() external {
        IServiceExchange.Terms memory terms = course(list(BRUNO, CARLA));
        propose(terms, ANNA);
        IServiceExchange.Authorization memory authorization = signed("accept", terms, BRUNO, 0);
        exchange.accept(terms, authorization, noPermit());
        cancel(terms, BRUNO);
        refuseSignature(BRUNO, 1);
        exchange.accept(terms, authorization, noPermit());
    }

    function test_accept__signature_of_another_act__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Authorization memory authorization = signed("cancel", terms, BRUNO, 0);
        refuseSignature(BRUNO, 0);
        exchange.accept(terms, authorization, noPermit());
    }

    function test_accept__signature_over_other_terms__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Terms memory cheaper = service();
        cheaper.priceUnits = 1;
        IServiceExchange.Authorization memory authorization = signed("accept", cheaper, BRUNO, 0);
        refuseSignature(BRUNO, 0);
        exchange.accept(terms, authorization, noPermit());
    }

    function test_accept__signed_by_another__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Authorization memory authorization =
            signedBy(memberKey(ANNA), "accept", terms, BRUNO, 0);
        refuseSignature(BRUNO, 0);
        exchange.accept(terms, authorization, noPermit());
    }

    function test_accept__signature_after_its_deadline__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Authorization memory authorization = signed("accept", terms, BRUNO, 0);
        uint256 until = authorization.deadline;
        vm.warp(until + 1);
        refuse(
            abi.encodeWithSelector(
                IServiceExchange.ServiceExchangeAuthorizationExpired.selector, until, until + 1
            )
        );
        exchange.accept(terms, authorization, noPermit());
    }

    function test_dispute__another_reason_than_signed__refused() external {
        IServiceExchange.Terms memory terms = service();
        agree(terms);
        IServiceExchange.Authorization memory authorization = signed("dispute", terms, BRUNO, REASON);
        refuseSignature(BRUNO, 0);
        exchange.dispute(terms, bytes32(0), authorization);
    }

    function test_giveFeedback__another_rating_than_signed__refused() external {
        IServiceExchange.Terms memory terms = service();
        settle(terms);
        bytes32 detail = keccak256(abi.encode(uint8(5), REASON));
        IServiceExchange.Authorization memory authorization = signed("feedback", terms, BRUNO, detail);
        refuseSignature(BRUNO, 0);
        exchange.giveFeedback(terms, 1, REASON, authorization);
    }

    function test_accept__signature_of_the_replaced_wallet__refused() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        IServiceExchange.Authorization memory authorization = signed("accept", terms, BRUNO, 0);
        address newWallet = replaceWallet(BRUNO);
        bytes4 selector = IServiceExchange.ServiceExchangeAuthorizationInvalid.selector;
        refuse(abi.encodeWithSelector(selector, newWallet, 0));
        exchange.accept(terms, authorization, noPermit());
    }

    /// @dev The registrar replaces a lost wallet by that of member 50.
    function replaceWallet(uint256 member) private returns (address newWallet) {
        newWallet = walletOf(50);
        bytes32 typehash =
            keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(
            abi.encode(typehash, keccak256(bytes(COMMUNITY)), bytes32(member), CITIZEN, 0, block.timestamp)
        );
        bytes memory consent = signTyped(memberKey(50), "MemberRegistry", "1", address(members), structHash);
        uint256 before = block.timestamp;
        vm.prank(REGISTRAR);
        members.proposeReplacement(bytes32(member), newWallet, block.timestamp, consent);
        vm.warp(before + REPLACEMENT_DELAY + 1);
        members.executeReplacement(bytes32(member));
        vm.warp(before);
    }

    function test_confirm__payer_replaced_its_wallet__refund_and_acts_follow_the_member() external {
        IServiceExchange.Terms memory terms = service();
        bytes32 id = agreeAndDeliver(terms);
        address newWallet = replaceWallet(BRUNO);
        vm.prank(newWallet);
        exchange.confirm(terms, own(BRUNO));
        requireState(id, SETTLED);
    }

    function test_release__provider_replaced_its_wallet__new_wallet_is_paid() external {
        IServiceExchange.Terms memory terms = service();
        agreeAndDeliver(terms);
        address newWallet = replaceWallet(ANNA);
        confirm(terms, BRUNO);
        same(token.balanceOf(newWallet), HOLDING + PRICE, "new wallet");
    }

    function test_accept__contract_wallet__answers_by_erc1271() external {
        IServiceExchange.Terms memory terms = service();
        propose(terms, ANNA);
        vm.etch(walletOf(BRUNO), type(ContractWallet).runtimeCode);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ServiceExchange"),
                keccak256("1"),
                block.chainid,
                address(exchange)
            )
        );
        bytes32 structHash = actHash("accept", terms, BRUNO, 0);
        ContractWallet(walletOf(BRUNO)).allow(keccak256(abi.encodePacked("\x19\x01", domain, structHash)));
        exchange.accept(
            terms, IServiceExchange.Authorization(bytes32(BRUNO), block.timestamp + 60, hex"01"), noPermit()
        );
        requireState(exchange.agreementId(terms), ACCEPTED);
    }
}
