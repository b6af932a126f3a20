// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The services and goods that members of one energy community exchange
/// @notice Agreements of the eight categories: consent of every party, escrow, delivery, check, dispute and feedback.
///
/// The terms of an agreement are passed with every call; the chain keeps one word for their EIP-712 struct hash, which
/// is the agreement's id. They appear in clear in `AgreementProposed`.
///
/// ```
///             all consent          provider             every payer, or
///                                                       silence of the period
///  Proposed ────────────► Accepted ─────────► Delivered ─────────────────► Settled
///     │  │                 │  │  │              │  │  └──► Lent ─► Returned ──┘ ▲
///     │  │ deadline passed │  │  └── dispute ───┤  │        │  └────────┼────────┘ lender, or silence
///     │  └──► Expired ◄────┘  │                 ▼  │        │           │
///     │                       │             Disputed ◄──────┴───────────┘ dispute
///     │ proposer              │                 │  admin splits, or 60 days
///     └──────► Cancelled ◄────┴─────────────────┼──┘ all parties cancel
///                                               ▼
///                                            Resolved
/// ```
/// States: 0 none, 1 Proposed, 2 Accepted, 3 Delivered, 4 Settled, 5 Cancelled, 6 Disputed, 7 Resolved, 8 Expired,
/// 9 Lent, 10 Returned. Settled, Cancelled, Resolved and Expired are final.
///
/// | category | provider | payers | structure | kinds |
/// |---|---|---|---|---|
/// | 1 | citizen | 1 citizen | - | 0 service, 1 time bank, 2 used goods, 3 loan |
/// | 2 | citizen | 1 to 32 citizens | stakeholder | 0 service, 1 time bank |
/// | 3 | stakeholder | 1 citizen | - | 0 service, 4 new goods |
/// | 4 | stakeholder | 1 stakeholder | - | 0 service, 2 goods, 3 rental (a loan) |
/// | 5 | citizen | 1 stakeholder | - | 0 service |
/// | 6 | citizen | the community | - | 0 service, 1 time bank |
/// | 7 | stakeholder | the community | - | 0 service |
/// | 8 | citizen | the community | stakeholder | 0 service, 1 time bank |
///
/// | call | who | in state | moves |
/// |---|---|---|---|
/// | propose | any party; the community admin in 6-8 | none | the share of who proposes, into escrow |
/// | accept | each other party | Proposed | its share; the last consent makes Accepted |
/// | cancel | who proposed | Proposed | everything back |
/// | cancel | who consented | Proposed | its own share back, its consent withdrawn |
/// | cancel | every party | Accepted, Delivered | everything back with the last one |
/// | deliver | provider, until the deadline | Accepted | - |
/// | confirm | every payer | Delivered | with the last one: price and compensation; a deposit stays |
/// | release | anybody, after the confirmation period | Delivered | the same |
/// | expire | anybody, after the deadline | Proposed, Accepted | everything back |
/// | declareReturn | borrower | Lent | - |
/// | confirmReturn | lender | Lent, Returned | deposit back |
/// | releaseDeposit | anybody, after the confirmation period | Returned | deposit back |
/// | dispute | any party; the community admin in 6-8 | Accepted, Delivered, Lent, Returned | - |
/// | resolve | community admin; in 6-8 platform admin | Disputed | as decided, the rest back to the payers |
/// | refundUndecided | anybody, after 60 days | Disputed | everything back |
/// | recordCheck | verifier, once | from Accepted on; in 6-8 Delivered | incentive; in 6-8 the price |
/// | payIncentive | anybody, once | Settled | incentive |
/// | giveFeedback | each party, once | Settled, Resolved | - |
///
/// - The payers fund price, compensation and deposit in equal shares; the first ones bear the remainder, one unit each.
///   In 6-8 the Treasury funds. New goods (kind 4) turn round: the provider, a reseller, funds, the buyer receives.
/// - The price of the time bank is `floor(durationMinutes * unitsPerHour / 60)` of the policy at each consent.
/// - The service fee at acceptance applies once, on release, to price and compensation; never to deposits, refunds or
///   what the community pays.
/// - Legs go to the present wallets of the members named, frozen or left ones included: no party can block another's.
/// - While the token is paused nothing moves and no time passes: deadline and periods stand still; delivering,
///   declaring a return, disputing and feedback stay possible. A suspended community proposes and accepts nothing.
/// - A frozen member neither consents nor confirms (`confirm`, `confirmReturn`); the periods go on without it.
///
/// A member acts with its own wallet (empty signature), or signs typed data of the domain `ServiceExchange`, version
/// `1`, that anybody may carry: `Act(string act,Terms terms,bytes32 member,bytes32 detail,uint256 nonce,uint256
/// deadline)` with the nested type `Terms(...)` in the field order below. `act` is one of propose, accept, cancel,
/// deliver, confirm, dispute, declareReturn, confirmReturn, feedback; `nonce` is `nonces(wallet)`. `detail` is 0, but
/// the hash of the reason for dispute, and keccak256(abi.encode(uint8 rating, bytes32 textHash)) for feedback.
/// Contract wallets answer by ERC-1271.
///
/// Assumptions:
/// - The authority lets this contract call `escrow` and `release` of the token, and `fundService` and `payIncentive` of
///   the Treasury.
/// - The registry names a wallet for every member that ever joined, and the token lets this contract pay it.
///
/// Warning: who resolves or verifies may not be a party, but the chain cannot know two wallets of one person.
/// Warning: fees and incentives are those in force when the last party accepts; who consented before may withdraw.
/// Warning: a loan has no end of its own: a borrower that never returns keeps the deposit in escrow until the lender
/// disputes. Whether the loan was late is seen from `returnBy` by who resolves.
interface IServiceExchange {
    /// @notice What the parties agree on. Text, pictures and addresses stay off chain.
    struct Terms {
        uint8 category; // 1 to 8
        uint8 kind; // 0 service, 1 time bank, 2 used goods, 3 loan, 4 new goods
        bytes32 provider; // member id
        bytes32[] payers; // member ids, ascending; none where the community pays
        bytes32 structure; // member id of the owner, 0 without a structure
        uint96 priceUnits; // base units
        uint96 compensationUnits; // base units for the owner of the structure
        uint96 depositUnits; // base units, loans only
        uint32 durationMinutes; // time bank only
        uint64 deadline; // unix seconds up to which the provider can deliver
        uint64 returnBy; // unix seconds, loans only
        bytes32 contentHash; // SHA-256 of the text agreed on
        bytes32 salt; // makes equal agreements distinct
    }

    /// @notice The act of a member: by its wallet itself (signature empty), or signed by it.
    struct Authorization {
        bytes32 memberId;
        uint256 deadline; // unix seconds up to which the signature may be used
        bytes signature; // 65 bytes r, s, v, or what the ERC-1271 wallet accepts
    }

    /// @notice ERC-2612 permit of the member's wallet for this contract; `deadline` 0: none. One that fails is ignored,
    /// the allowance then decides.
    struct Permit {
        uint256 value; // base units
        uint256 deadline; // unix seconds
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice What the exchange remembers of an agreement: one storage word. Bits of parties: payers 0 to 31, provider
    /// 32, structure 33, community 34.
    struct Agreement {
        uint8 state;
        uint8 proposer; // bit of who proposed
        uint8 checks; // bits recorded by the verifier: 1 sustainability, 2 social value
        bool checked; // a verifier recorded its check, which may be 0
        bool incentiveClosed; // paid, or nothing to pay
        bool lent; // price released, deposit kept
        uint40 consents; // bits of the parties that consented and did not cancel
        uint40 marks; // bits of payers that confirmed (Delivered), of parties that gave feedback (Settled, Resolved)
        uint40 acceptedAt; // unix seconds, 0 before
        uint40 stamp; // unix seconds: proposed, delivered, return declared or disputed
        uint40 stampPausedSeconds; // `pausedSeconds` of the token at `stamp`
    }

    /// @notice First arguments of the exchange, fixed for ever.
    struct Configuration {
        address authority; // AccessManager of the community
        address token;
        address members;
        address policy;
        address treasury;
        uint64 confirmationPeriod; // seconds, one hour to 90 days
    }

    /// @notice `proposer` (0: the community) proposed these terms and consents to them.
    event AgreementProposed(bytes32 indexed agreementId, bytes32 indexed proposer, Terms terms);
    /// @notice A party (0: the community) consented and put `units` base units into escrow.
    event ConsentGiven(bytes32 indexed agreementId, bytes32 indexed memberId, uint256 units);
    /// @notice A party (0: the community) cancelled for its part and got `units` base units back.
    event ConsentWithdrawn(bytes32 indexed agreementId, bytes32 indexed memberId, uint256 units);
    /// @notice Every party consents; the rules now in force apply to the end.
    event AgreementAccepted(bytes32 indexed agreementId);
    /// @notice The provider declares to have delivered; the confirmation period begins.
    event AgreementDelivered(bytes32 indexed agreementId);
    /// @notice A payer confirmed the delivery.
    event DeliveryConfirmed(bytes32 indexed agreementId, bytes32 indexed memberId);
    /// @notice Price and compensation were released; the deposit waits for the return.
    event AgreementLent(bytes32 indexed agreementId);
    /// @notice The borrower declares to have returned the goods; the confirmation period begins.
    event ReturnDeclared(bytes32 indexed agreementId);
    /// @notice Everything was released; the escrow of the agreement is empty.
    event AgreementSettled(bytes32 indexed agreementId);
    /// @notice Cancelled; the escrow went back to who funded it.
    event AgreementCancelled(bytes32 indexed agreementId);
    /// @notice The deadline passed; the escrow went back to who funded it.
    event AgreementExpired(bytes32 indexed agreementId);
    /// @notice A party (0: the community or its verifier) disputes for a reason with this hash.
    event AgreementDisputed(bytes32 indexed agreementId, bytes32 indexed memberId, bytes32 reasonHash);
    /// @notice The escrow was split, in base units before fees.
    event AgreementResolved(
        bytes32 indexed agreementId, uint256 toReceiverUnits, uint256 toStructureUnits, uint256 refundedUnits
    );
    /// @notice The verifier recorded these checks (bits: 1 sustainability, 2 social value; 0: negative).
    event CheckRecorded(bytes32 indexed agreementId, address indexed verifier, uint8 checks);
    /// @notice No incentive was paid yet: a check is missing, or the Treasury could not pay. `payIncentive` may follow.
    event IncentivePostponed(bytes32 indexed agreementId);
    /// @notice A party rates the agreement 1 to 5; `textHash` is the SHA-256 of its words.
    event FeedbackGiven(bytes32 indexed agreementId, bytes32 indexed memberId, uint8 rating, bytes32 textHash);

    /// @notice A constructor argument is outside its range.
    error ServiceExchangeOutOfRange(string name, uint256 given, uint256 min, uint256 max);
    /// @notice The contracts of the set do not belong together: `part` names `found`.
    error ServiceExchangeNotLinked(string part, address found, address expected);

    /// @notice Categories are 1 to 8.
    error ServiceExchangeCategoryOutOfRange(uint8 category, uint8 min, uint8 max);
    /// @notice The category has no such kind; `allowed` has a bit for each kind it has.
    error ServiceExchangeKindNotAllowed(uint8 category, uint8 kind, uint8 allowed);
    /// @notice The category has another number of payers.
    error ServiceExchangeWrongPayerCount(uint256 given, uint256 min, uint256 max);
    /// @notice Payers are distinct member ids in ascending order.
    error ServiceExchangePayersNotAscending(bytes32 memberId, bytes32 previous);
    /// @notice The member has two parts in the agreement.
    error ServiceExchangePartyTwice(bytes32 memberId);
    /// @notice The category needs a structure, or has none.
    error ServiceExchangeWrongStructure(uint8 category, bytes32 structure);
    /// @notice Without a structure there is no compensation (base units).
    error ServiceExchangeCompensationWithoutStructure(uint96 compensationUnits);
    /// @notice Only loans have a deposit (base units) and a time of return, which lies after the deadline and at most
    /// two years after it (unix seconds).
    error ServiceExchangeWrongLoan(uint8 kind, uint96 depositUnits, uint64 returnBy, uint64 deadline);
    /// @notice Only the time bank has a duration, which is at least one minute.
    error ServiceExchangeWrongDuration(uint8 kind, uint32 durationMinutes);
    /// @notice The price (base units) of the time bank is now `expected`.
    error ServiceExchangeWrongTimePrice(uint96 priceUnits, uint256 expected);
    /// @notice The deadline (unix seconds) must lie after now and at most two years ahead.
    error ServiceExchangeDeadlineOutOfRange(uint64 deadline, uint256 earliest, uint256 latest);
    /// @notice The member has no wallet in this community.
    error ServiceExchangeNotMember(bytes32 memberId);
    /// @notice The category wants a member of class `expected` here.
    error ServiceExchangeWrongClass(bytes32 memberId, uint8 class_, uint8 expected);
    /// @notice The act needs another status than that of the member's wallet (1 active, 2 frozen, 3 left, 4 both).
    error ServiceExchangeWrongStatus(bytes32 memberId, uint8 status);

    /// @notice The agreement is in state `found`; `allowed` has bit `1 << state` for each state the call needs.
    error ServiceExchangeWrongState(bytes32 agreementId, uint8 found, uint16 allowed);
    /// @notice The member (0: the community) has not the part in the agreement that the act needs.
    error ServiceExchangeNotParty(bytes32 agreementId, bytes32 memberId);
    /// @notice The party (0: the community) did so already.
    error ServiceExchangeAlreadyDone(bytes32 agreementId, bytes32 memberId);
    /// @notice The party (0: the community) has given no consent that it could withdraw.
    error ServiceExchangeNoConsent(bytes32 agreementId, bytes32 memberId);
    /// @notice Possible from `from` (unix seconds, pauses counted in) on.
    error ServiceExchangeTooEarly(bytes32 agreementId, uint256 now_, uint256 from);
    /// @notice It was possible until `until` (unix seconds, pauses counted in).
    error ServiceExchangeTooLate(bytes32 agreementId, uint256 now_, uint256 until);
    /// @notice Who decides, verifies or acts for the community may not be a party to the agreement.
    error ServiceExchangeOwnAgreement(bytes32 agreementId, bytes32 memberId);
    /// @notice The community pays for categories 6 to 8 and for no other; the call is made for the other ones.
    error ServiceExchangeWrongCategory(bytes32 agreementId, uint8 category);
    /// @notice The sender is not the wallet of the member.
    error ServiceExchangeWrongSender(bytes32 memberId, address sender, address wallet);
    /// @notice The signature could be used until `deadline` (unix seconds); it is `now_`.
    error ServiceExchangeAuthorizationExpired(uint256 deadline, uint256 now_);
    /// @notice The signature is not this act of the wallet under its present `nonce`.
    error ServiceExchangeAuthorizationInvalid(address wallet, uint256 nonce);
    /// @notice The parts (base units) exceed the escrow, or one is for a structure that is none.
    error ServiceExchangeWrongSplit(uint256 toReceiverUnits, uint256 toStructureUnits, uint256 escrowUnits);
    /// @notice Checks are bits: 1 sustainability, 2 social value.
    error ServiceExchangeChecksOutOfRange(uint8 checks, uint8 max);
    /// @notice Nothing more is to come: the incentive was paid, or there was none.
    error ServiceExchangeIncentiveClosed(bytes32 agreementId);
    /// @notice The Treasury does not pay the incentive now: the rule needs checks that are not `recorded`.
    error ServiceExchangeIncentiveNotDue(bytes32 agreementId, uint8 recorded);
    /// @notice The gas of the call did not suffice for the incentive; `gasLeft` was left after it.
    error ServiceExchangeGasTooLow(bytes32 agreementId, uint256 gasLeft);
    /// @notice Ratings are 1 to 5.
    error ServiceExchangeRatingOutOfRange(uint8 rating, uint8 min, uint8 max);

    /// @notice Proposes terms to the other parties and consents to them. Any party may.
    ///
    /// - All parties are members of the classes that the category wants.
    /// - The share of who proposes goes to escrow. Agreements with one party do not exist, so it is not yet Accepted.
    /// @param permit Of the member's wallet; not needed where it funds nothing or has given an allowance.
    function propose(Terms calldata terms, Authorization calldata authorization, Permit calldata permit)
        external
        returns (bytes32 agreementId);

    /// @notice Consents as one of the parties. The last consent makes the agreement Accepted.
    function accept(Terms calldata terms, Authorization calldata authorization, Permit calldata permit) external;

    /// @notice Withdraws the consent of a party.
    ///
    /// - Proposed: who proposed cancels the agreement; another party takes back its own share and may accept again.
    /// - Accepted, Delivered: the agreement is cancelled when all parties have withdrawn. Delivering takes a provider's
    ///   withdrawal back.
    function cancel(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Declares the service or goods delivered. Provider only, until the deadline.
    function deliver(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Confirms the delivery as a payer (new goods: as the buyer). The last payer's confirmation releases.
    function confirm(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Releases price and compensation after the confirmation period without a dispute. Anybody may.
    function release(Terms calldata terms) external;

    /// @notice Refunds an agreement whose deadline passed before delivery. Anybody may.
    function expire(Terms calldata terms) external;

    /// @notice Stops the agreement until it is resolved. Any party may, also in a pause.
    /// @param reasonHash SHA-256 of the reason, which stays off chain.
    function dispute(Terms calldata terms, bytes32 reasonHash, Authorization calldata authorization) external;

    /// @notice Refunds a dispute that nobody resolved within 60 days. Anybody may.
    function refundUndecided(Terms calldata terms) external;

    /// @notice Declares the goods returned. Borrower only.
    function declareReturn(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Confirms the return, declared or not: the deposit goes back to the borrower. Lender only.
    function confirmReturn(Terms calldata terms, Authorization calldata authorization) external;

    /// @notice Gives the deposit back after the confirmation period without a dispute. Anybody may.
    function releaseDeposit(Terms calldata terms) external;

    /// @notice Pays the incentive of a settled agreement that was not paid with the settlement. Anybody may.
    ///
    /// - The rule is that in force at acceptance. Its required checks must be recorded.
    function payIncentive(Terms calldata terms) external;

    /// @notice Rates a settled or resolved agreement. Each party once.
    function giveFeedback(
        Terms calldata terms,
        uint8 rating,
        bytes32 textHash,
        Authorization calldata authorization
    ) external;

    /// @notice Proposes terms of categories 6 to 8 for the community; the Treasury funds the escrow. Restricted to the
    /// community administrator, who is no party.
    function proposeForCommunity(Terms calldata terms) external returns (bytes32 agreementId);

    /// @notice Accepts for the community; the Treasury funds the escrow. Restricted to the community administrator, who
    /// is no party.
    function acceptForCommunity(Terms calldata terms) external;

    /// @notice Cancels for the community. Restricted to the community administrator.
    function cancelForCommunity(Terms calldata terms) external;

    /// @notice Disputes for the community. Restricted to the community administrator.
    function disputeForCommunity(Terms calldata terms, bytes32 reasonHash) external;

    /// @notice Splits the escrow of a disputed agreement between members. Restricted to the community administrator,
    /// who is no party.
    ///
    /// - The rest goes back to the payers (new goods: the provider) in shares.
    /// - The service fee applies to the receiver's part up to the price, if that was not yet released, and to the
    ///   structure's part.
    /// @param toReceiverUnits Base units for the provider (new goods: the buyer), before the fee.
    /// @param toStructureUnits Base units for the owner of the structure, before the fee.
    function resolve(Terms calldata terms, uint256 toReceiverUnits, uint256 toStructureUnits) external;

    /// @notice The same for categories 6 to 8, without a fee. Restricted to the platform administrator, who is no party.
    function resolveForCommunity(Terms calldata terms, uint256 toReceiverUnits, uint256 toStructureUnits) external;

    /// @notice Records what the verifier found, once. Restricted to verifiers that are no party.
    ///
    /// - Categories 1 to 5: from Accepted on, also after Settled; the incentive follows once the agreement is settled.
    /// - Categories 6 to 8: confirms the delivery for the community; 0 disputes it.
    /// @param checks Bits: 1 sustainability, 2 social value; 0: none of them.
    function recordCheck(Terms calldata terms, uint8 checks) external;

    /// @notice EIP-712 struct hash of the terms, by which events name the agreement.
    function agreementId(Terms calldata terms) external pure returns (bytes32);

    /// @notice What is remembered of an agreement; all zero if there is none.
    function agreement(bytes32 agreementId_) external view returns (Agreement memory);

    /// @notice Base units that the agreement now holds in escrow.
    function escrowOf(Terms calldata terms) external view returns (uint256);

    /// @notice Base units that a party (0: the community) puts into escrow with its consent, 0 for strangers.
    function fundingOf(Terms calldata terms, bytes32 memberId) external pure returns (uint256);

    /// @notice Last second at which the present state can be left by its parties alone (Proposed, Accepted: to deliver;
    /// Delivered, Returned: to dispute; Disputed: to be resolved); one second later `expire`, `release`,
    /// `releaseDeposit`, `refundUndecided` are open to anybody. 0 in other states; a pause moves it on.
    function dueAt(Terms calldata terms) external view returns (uint256);

    /// @notice Number that the next signed act of `wallet` has to name.
    function nonces(address wallet) external view returns (uint256);

    /// @notice Seconds for which payers and lenders may be silent.
    function confirmationPeriod() external view returns (uint64);

    /// @notice Token in which the community trades.
    function token() external view returns (address);

    /// @notice Registry that knows the members' wallets.
    function members() external view returns (address);

    /// @notice Policy that sets fees, incentives and the price of an hour.
    function policy() external view returns (address);

    /// @notice Treasury that pays for the community.
    function treasury() external view returns (address);
}
