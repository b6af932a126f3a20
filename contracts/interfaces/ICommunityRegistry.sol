// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The communities of a platform
/// @notice Where a wallet, an auditor or a service finds the contracts of a community, by its id.
///
/// - A set is registered only complete: every address has code, the contracts name each other, this community and one
///   authority, and the authority lets each do its work on the others, and this registry suspend the token.
/// - A registered set never changes; a community is suspended and resumed, never removed.
/// - A suspended community opens no settlement, takes no member, issues nothing and accepts no agreement; what was
///   begun is carried through. The switch is the token's, where the whole set reads it.
///
/// Warning: registration says nothing about who holds the roles of the set; that is read from its AccessManager.
interface ICommunityRegistry {
    /// @notice A community and its contracts.
    struct Community {
        string communityId; // stable id, never a person's name
        string name; // for display
        address accessManager;
        address memberRegistry;
        address token;
        address rewardModels;
        address settlementLedger;
        address tokenPolicy;
        address treasury;
        address serviceExchange;
        uint8 status; // 0 none, 1 active, 2 suspended
        uint64 registeredAt; // unix seconds
    }

    /// @notice A set was registered; `key` is keccak256 of the community id.
    event CommunityRegistered(bytes32 indexed key, string communityId, address settlementLedger);

    /// @notice The community was suspended.
    event CommunitySuspended(bytes32 indexed key, string communityId);

    /// @notice The community was resumed.
    event CommunityResumed(bytes32 indexed key, string communityId);

    /// @notice A community needs an id and a name of 1 to 64 bytes each.
    error CommunityRegistryTextLength(string field, uint256 length, uint256 min, uint256 max);

    /// @notice The contract `part` of the set has no code at `account`.
    error CommunityRegistryNoCode(string part, address account);

    /// @notice The `part` of the set should point at `expected` and points at `found`.
    error CommunityRegistryNotLinked(string part, address found, address expected);

    /// @notice The `part` of the set was deployed for the community `found`.
    error CommunityRegistryWrongCommunity(string part, string found, string expected);

    /// @notice The authority does not let `caller` call `selector` of `target` at once.
    error CommunityRegistryNotPermitted(address caller, address target, bytes4 selector);

    /// @notice The id is registered with another name or other contracts (here its ledger).
    error CommunityRegistryConflict(string communityId, address registered, address given);

    /// @notice No community has this id.
    error CommunityRegistryUnknown(string communityId);

    /// @notice There are `count` communities, none at `index`.
    error CommunityRegistryIndexOutOfRange(uint256 index, uint256 count);

    /// @notice Registers a community as active. Restricted to the platform administrator.
    ///
    /// - The same set again: nothing happens.
    /// @param community Its `status` and `registeredAt` are ignored: the registry sets them.
    function register(Community calldata community) external;

    /// @notice Suspends a community, here and in its token. Restricted to the platform administrator. A suspended one:
    /// nothing happens.
    function suspend(string calldata communityId) external;

    /// @notice Resumes a community, here and in its token. Restricted to the platform administrator. An active one:
    /// nothing happens.
    function resume(string calldata communityId) external;

    /// @notice The community with this id; all empty if there is none.
    function community(string calldata communityId) external view returns (Community memory);

    /// @notice Number of communities.
    function communityCount() external view returns (uint256);

    /// @notice Community at `index`, in order of registration from 0.
    function communityAt(uint256 index) external view returns (Community memory);
}
