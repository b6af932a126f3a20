// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IServiceExchange} from "../../contracts/interfaces/IServiceExchange.sol";
import {ExchangeDesk} from "./ExchangeDesk.sol";

/// @dev The typed data of the exchange, and who signs it.
abstract contract ExchangeSignatures is ExchangeDesk {
    string internal constant TERMS_TYPE =
        "Terms(uint8 category,uint8 kind,bytes32 provider,bytes32[] payers,bytes32 structure,uint96 priceUnits,uint96 compensationUnits,uint96 depositUnits,uint32 durationMinutes,uint64 deadline,uint64 returnBy,bytes32 contentHash,bytes32 salt)";

    // ----------------------------------------------------------------------------------------------- TYPED DATA
    // Written anew from EIP-712, field by field.

    function hashOf(IServiceExchange.Terms memory terms) internal pure returns (bytes32) {
        bytes memory encoded = abi.encodePacked(
            keccak256(bytes(TERMS_TYPE)),
            uint256(terms.category),
            uint256(terms.kind),
            terms.provider,
            keccak256(abi.encodePacked(terms.payers)),
            terms.structure
        );
        encoded = abi.encodePacked(
            encoded,
            uint256(terms.priceUnits),
            uint256(terms.compensationUnits),
            uint256(terms.depositUnits),
            uint256(terms.durationMinutes)
        );
        return keccak256(
            abi.encodePacked(
                encoded, uint256(terms.deadline), uint256(terms.returnBy), terms.contentHash, terms.salt
            )
        );
    }

    function actHash(string memory act, IServiceExchange.Terms memory terms, uint256 member, bytes32 detail)
        internal
        view
        returns (bytes32)
    {
        string memory fields = "Act(string act,Terms terms,bytes32 member,bytes32 detail,uint256 nonce,uint256 deadline)";
        return keccak256(
            abi.encode(
                keccak256(abi.encodePacked(fields, TERMS_TYPE)),
                keccak256(bytes(act)),
                hashOf(terms),
                bytes32(member),
                detail,
                exchange.nonces(walletOf(member)),
                block.timestamp + 60
            )
        );
    }

    function signed(string memory act, IServiceExchange.Terms memory terms, uint256 member, bytes32 detail)
        internal
        view
        returns (IServiceExchange.Authorization memory)
    {
        return signedBy(memberKey(member), act, terms, member, detail);
    }

    function signedBy(
        uint256 key,
        string memory act,
        IServiceExchange.Terms memory terms,
        uint256 member,
        bytes32 detail
    ) internal view returns (IServiceExchange.Authorization memory) {
        bytes32 structHash = actHash(act, terms, member, detail);
        bytes memory signature = signTyped(key, "ServiceExchange", "1", address(exchange), structHash);
        return IServiceExchange.Authorization(bytes32(member), block.timestamp + 60, signature);
    }

    function refuseSignature(uint256 member, uint256 nonce) internal {
        bytes4 selector = IServiceExchange.ServiceExchangeAuthorizationInvalid.selector;
        refuse(abi.encodeWithSelector(selector, walletOf(member), nonce));
    }
}
