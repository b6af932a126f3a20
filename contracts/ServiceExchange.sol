// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {AgreementBook} from "./exchange/AgreementBook.sol";
import {Deliveries} from "./exchange/Deliveries.sol";
import {Loans} from "./exchange/Loans.sol";
import {PartyConsents} from "./exchange/PartyConsents.sol";
import {Reviews} from "./exchange/Reviews.sol";

/// @dev An agreement from its proposal to its end, one user story per part: consents, deliveries, loans, disputes and
/// reviews, on top of the escrow, the authorizations, the terms and the book.
contract ServiceExchange is PartyConsents, Deliveries, Loans, Reviews {
    constructor(Configuration memory config)
        AccessManaged(config.authority)
        EIP712("ServiceExchange", "1")
        AgreementBook(config)
    {}
}
