// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The members of one energy community
/// @notice Links a pseudonymous 32-byte member id to the wallet that receives the member's tokens, and is the only
/// writer of class and status in the community's token.
///
/// | status in the token | how it comes about | how it ends |
/// |---|---|---|
/// | 1 active | `join` | `freeze`, `leave`, `exclude` |
/// | 2 frozen | `freeze` of an active wallet | `unfreeze`, `leave`, `exclude` |
/// | 3 left | `leave` or `exclude` of an active wallet, `unfreeze` of status 4 | `join` again, `freeze` |
/// | 4 left and frozen | `leave` or `exclude` of a frozen wallet, `freeze` of a left one | `unfreeze` |
///
/// - A member has one wallet and a wallet has one member. A wallet that was replaced is retired: a non-member for good.
/// - Who left can join again: with the same wallet at once, with a new one after the grace of the old, which stays left
///   and can be swept; during the grace the wallet is replaced first. Else a registrar alone could take over what is
///   still owed to a member id. Only the present wallet of a member can be frozen; who is frozen cannot join again.
/// - A wallet that left keeps its tokens for a grace of 90 days, in which it may give or return them. The grace stands
///   still while the wallet is frozen and while the token is paused. Then anybody may sweep what is left to the
///   Treasury, again after each later system credit.
/// - A wallet is replaced by its own signature, at once, or, when its key is lost, on a proposal of the registrar that
///   waits: `replacementDelay`, in which the old wallet can object. A frozen wallet cannot object (it may be a
///   thief's); then the proposal waits for the notice, and another key than the freezing one makes it. A freeze ends a
///   pending proposal. Balance, class, status and grace move; allowances do not.
/// - No personal data: a member id says nothing about the person without the operator's books.
///
/// Typed data of the domain `MemberRegistry`, version `1`; `community` is keccak256 of the community id, `nonce` is
/// `nonces(wallet)` of the signing wallet, `deadline` unix seconds. Contract wallets answer by ERC-1271.
/// - `Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)` by the new wallet, for
///   joining and for replacing (then with the class of the member)
/// - `Leave(bytes32 community,bytes32 memberId,uint256 nonce,uint256 deadline)`
/// - `Replace(bytes32 community,bytes32 memberId,address newWallet,uint256 nonce,uint256 deadline)` by the old wallet
/// - `Object(bytes32 community,bytes32 memberId,address newWallet,uint256 nonce,uint256 deadline)` by the old wallet
///
/// Assumptions:
/// - The authority lets this contract call `setAccount`, `moveAccount` and `sweep` of the token and `grantWelcomeBonus`
///   of the Treasury, and nobody else.
/// - `grantWelcomeBonus` does not refuse for lack of means, so that a join never waits for the Treasury.
///
/// Warning: a signature has no effect after its deadline, but cannot be withdrawn before it by the wallet alone.
/// Warning: a community administrator and a registrar who act together can move the balance of a frozen wallet after
/// the notice. Each step is public, and any other community administrator can cancel it.
interface IMemberRegistry {
    /// @notice First arguments of the registry, fixed for ever.
    struct Configuration {
        address authority; // AccessManager of the community
        address token;
        address treasury;
        string communityId;
        uint64 minNotice; // seconds, from one hour to two years
        uint64 replacementDelay; // seconds, from one hour to two years
    }

    /// @notice A member joined, for the first time or again, with `wallet` as an active account of `class_` (1 citizen,
    /// 2 stakeholder).
    event MemberJoined(bytes32 indexed memberId, address indexed wallet, uint8 class_);

    /// @notice The wallet cannot send until it is unfrozen.
    event MemberFrozen(bytes32 indexed memberId, address indexed wallet, address indexed by);

    /// @notice The wallet is what it was before the freeze.
    event MemberUnfrozen(bytes32 indexed memberId, address indexed wallet);

    /// @notice The member left by own will or by exclusion; the grace of the wallet runs.
    event MemberLeft(bytes32 indexed memberId, address indexed wallet, bool excluded);

    /// @notice The member can be excluded from `from` to `until` (unix seconds, both included).
    event ExclusionAnnounced(bytes32 indexed memberId, uint64 from, uint64 until);

    /// @notice The announced exclusion is called off.
    event ExclusionCancelled(bytes32 indexed memberId);

    /// @notice The grace was over: `amount` base units went to the Treasury.
    event WalletSwept(bytes32 indexed memberId, address indexed wallet, uint256 amount);

    /// @notice A lost wallet is to be replaced at `executableAt` (unix seconds) at the earliest.
    event ReplacementProposed(
        bytes32 indexed memberId, address indexed oldWallet, address indexed newWallet, uint64 executableAt
    );

    /// @notice The old wallet objected: the proposal is void.
    event ReplacementObjected(bytes32 indexed memberId, address indexed newWallet);

    /// @notice The proposal is void by a community administrator, a freeze, another replacement or a new joining.
    event ReplacementCancelled(bytes32 indexed memberId, address indexed newWallet);

    /// @notice Balance, class, status and grace of the member moved to `newWallet`; `oldWallet` is retired.
    event WalletReplaced(bytes32 indexed memberId, address indexed oldWallet, address indexed newWallet);

    /// @notice Member id 0 means "no member" and cannot join.
    error MemberRegistryMemberIdZero();

    /// @notice Only classes 1 (citizen) and 2 (stakeholder) join.
    error MemberRegistryClassOutOfRange(uint8 class_, uint8 min, uint8 max);

    /// @notice The member already has another wallet, or the same one in another class.
    error MemberRegistryMemberTaken(bytes32 memberId, address wallet, uint8 class_);

    /// @notice The wallet already belongs to another member, or, as a new wallet, to this one.
    error MemberRegistryWalletTaken(address wallet, bytes32 memberId);

    /// @notice The wallet was replaced and is a non-member for good.
    error MemberRegistryWalletRetired(address wallet);

    /// @notice The signature could be used until `deadline` (unix seconds); it is `now_`.
    error MemberRegistryConsentExpired(uint256 deadline, uint256 now_);

    /// @notice The signature is not the wallet's, for these facts, under its present `nonce`.
    error MemberRegistryConsentInvalid(address wallet, uint256 nonce);

    /// @notice Without a signature only the member's `wallet` itself may call.
    error MemberRegistryNotTheWallet(address caller, address wallet);

    /// @notice Nobody ever joined under this member id.
    error MemberRegistryUnknown(bytes32 memberId);

    /// @notice The member's wallet was frozen by `by`, so that it cannot do this.
    error MemberRegistryFrozen(bytes32 memberId, address by);

    /// @notice The member has left already.
    error MemberRegistryLeft(bytes32 memberId, address wallet);

    /// @notice The wallet has not left, or is no member's; only one that left is swept.
    error MemberRegistryNotLeft(address wallet, uint8 status);

    /// @notice The wallet may still give or return its tokens for this many seconds.
    error MemberRegistryInGrace(address wallet, uint64 secondsLeft);

    /// @notice No exclusion of this member is announced.
    error MemberRegistryNoExclusion(bytes32 memberId);

    /// @notice The member can be excluded from `from` to `until` (unix seconds); later it is announced again.
    error MemberRegistryExclusionOutsideWindow(uint64 now_, uint64 from, uint64 until);

    /// @notice Another replacement of this member is pending; it is executed, objected to or cancelled first.
    error MemberRegistryReplacementPending(bytes32 memberId, address newWallet, uint64 executableAt);

    /// @notice No replacement of this member is pending.
    error MemberRegistryNoReplacement(bytes32 memberId);

    /// @notice The replacement waits until `executableAt` (unix seconds).
    error MemberRegistryReplacementTooEarly(uint64 now_, uint64 executableAt);

    /// @notice Who froze a wallet cannot propose its replacement: two keys are needed against one that cannot object.
    error MemberRegistryProposerFroze(bytes32 memberId, address proposer);

    /// @notice Freezing and proposing are called by the key itself: through the AccessManager all keys look alike.
    error MemberRegistryNotDirect(address authority);

    /// @notice A constructor argument is outside its range.
    error MemberRegistryOutOfRange(string name, uint256 given, uint256 min, uint256 max);

    // --------------------------------------------------------------------------------------------------- JOINING

    /// @notice Admits a member with the consent of the wallet, for the first time or after leaving, then grants the
    /// welcome bonus of the class, once ever per member id. Restricted to the registrar.
    ///
    /// - The same member, wallet and class again: nothing happens, whatever consent comes with it.
    /// - A suspended community takes no member.
    /// - After leaving, the same wallet is active again with what it holds; a new one is taken after the grace of the
    ///   old. A pending replacement of the member is void.
    /// @param deadline Unix seconds up to which the consent may be used.
    /// @param signature Consent of `wallet`: 65 bytes r, s, v, or what its ERC-1271 contract accepts.
    function join(bytes32 memberId, address wallet, uint8 class_, uint256 deadline, bytes calldata signature) external;

    // -------------------------------------------------------------------------------------------------- FREEZING

    /// @notice Freezes the member's wallet: it cannot send, sign a replacement, or object to one. Restricted to the
    /// community administrator. A pending replacement is void. A frozen member: nothing happens.
    function freeze(bytes32 memberId) external;

    /// @notice Lifts the freeze. Restricted to the community administrator. A member not frozen: nothing happens.
    function unfreeze(bytes32 memberId) external;

    // --------------------------------------------------------------------------------------------------- LEAVING

    /// @notice Leaves the community by the member's own will, also frozen, suspended or paused. A freeze stays.
    /// @param deadline Unix seconds up to which the signature may be used; without a signature it is ignored.
    /// @param signature Typed data `Leave` of the wallet, or empty if the wallet itself calls.
    function leave(bytes32 memberId, uint256 deadline, bytes calldata signature) external;

    /// @notice Announces an exclusion. Restricted to the community administrator. Announced and not lapsed: nothing
    /// happens.
    function announceExclusion(bytes32 memberId) external;

    /// @notice Calls an announced exclusion off. Restricted to the community administrator.
    function cancelExclusion(bytes32 memberId) external;

    /// @notice Excludes a member after the notice, at most 30 days after its end, so that no announcement stands over
    /// a member for ever. Restricted to the community administrator. A freeze stays.
    function exclude(bytes32 memberId) external;

    /// @notice Moves what a wallet holds after its grace to the Treasury. Anybody may call it. Nothing held: nothing
    /// happens.
    /// @return amount Base units moved.
    function sweep(address wallet) external returns (uint256 amount);

    // ------------------------------------------------------------------------------------------------- REPLACING

    /// @notice Replaces a wallet by its own signature, at once. Anybody may carry it. A pending proposal is void. The
    /// present wallet again as new one: nothing happens.
    /// @param deadline Unix seconds up to which both signatures may be used.
    /// @param oldSignature Typed data `Replace` of the old wallet, or empty if the old wallet itself calls.
    /// @param newConsent Typed data `Join` of the new wallet with the class of the member.
    function replaceWallet(
        bytes32 memberId,
        address newWallet,
        uint256 deadline,
        bytes calldata oldSignature,
        bytes calldata newConsent
    ) external;

    /// @notice Proposes to replace a lost wallet. Restricted to the registrar. The same pending: nothing happens.
    ///
    /// - It can be executed after `replacementDelay`; if the old wallet is frozen, after the longer of this and the
    ///   notice, and the caller must not be who froze it.
    /// @param deadline Unix seconds up to which the consent may be used.
    /// @param newConsent Typed data `Join` of the new wallet with the class of the member.
    function proposeReplacement(bytes32 memberId, address newWallet, uint256 deadline, bytes calldata newConsent)
        external;

    /// @notice Objects to a replacement, any time before it is executed, also in a pause. Not for a frozen wallet.
    /// @param deadline Unix seconds up to which the signature may be used; without a signature it is ignored.
    /// @param signature Typed data `Object` of the old wallet with the proposed new one, or empty if the wallet calls.
    function objectToReplacement(bytes32 memberId, uint256 deadline, bytes calldata signature) external;

    /// @notice Withdraws a proposal. Restricted to the community administrator.
    function cancelReplacement(bytes32 memberId) external;

    /// @notice Executes a proposal whose time has come. Anybody may call it.
    ///
    /// - Refused if the new wallet became a member or was retired meanwhile; then the proposal is cancelled first.
    function executeReplacement(bytes32 memberId) external;

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @notice Present or last wallet of the member, 0 if nobody ever joined under this id.
    function walletOf(bytes32 memberId) external view returns (address);

    /// @notice Member id of the wallet, also after leaving; 0 if there is none or the wallet is retired.
    function memberOf(address wallet) external view returns (bytes32);

    /// @notice Whether the wallet was replaced and can never join again.
    function isRetired(address wallet) external view returns (bool);

    /// @notice Who froze the member, 0 if the member is not frozen.
    function frozenBy(bytes32 memberId) external view returns (address);

    /// @notice Pending replacement; 0, 0 if there is none.
    function pendingReplacement(bytes32 memberId) external view returns (address newWallet, uint64 executableAt);

    /// @notice Announced exclusion: first and last moment (unix seconds) of its execution; 0, 0 if there is none.
    function pendingExclusion(bytes32 memberId) external view returns (uint64 from, uint64 until);

    /// @notice Seconds of grace that a wallet still has, whether they stand still, and whether it has left at all.
    function graceOf(address wallet) external view returns (bool hasLeft, uint64 secondsLeft, bool standsStill);

    /// @notice Number that the next signature of `wallet` has to name.
    function nonces(address wallet) external view returns (uint256);

    /// @notice Number of member ids that ever joined.
    function memberCount() external view returns (uint256);

    /// @notice Seconds between the announcement of an exclusion and its execution.
    function minNotice() external view returns (uint64);

    /// @notice Seconds between the proposal of a replacement and its execution.
    function replacementDelay() external view returns (uint64);

    /// @notice Token whose account flags this registry writes.
    function token() external view returns (address);

    /// @notice Treasury that pays the welcome bonus.
    function treasury() external view returns (address);

    /// @notice Id of the community in clear.
    function communityId() external view returns (string memory);
}
