// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityHandler} from "./CommunityHandler.sol";

/// @dev The handler's own book of members, kept beside the chain's: who has which wallet in which status, what is
/// pending, and how much grace is left, on a clock of its own. Wallets are named by their number, 0 is none.
abstract contract MembersModel is CommunityHandler {
    struct Person {
        uint256 wallet;
        uint8 class_;
        uint8 status; // as in the token; 0: never joined
        address freezer;
        uint64 excludableFrom;
        uint256 proposedWallet;
        uint64 executableAt;
        uint256 welcomes; // bonuses that the member got
    }

    struct Grace {
        bool runs; // the wallet left; a standing grace runs too, but does not get shorter
        bool stands;
        uint64 left; // seconds at `since`
        uint64 since; // on the running clock
    }

    uint256 internal constant PEOPLE = 14;
    uint64 internal constant GRACE = 90 days;

    Person[PEOPLE + 1] internal people;
    mapping(uint256 wallet => uint256 person) internal ownerOf;
    mapping(uint256 wallet => bool) internal isRetired;
    mapping(uint256 wallet => Grace) internal graces;
    uint256 internal joined;

    function idOf(uint256 person) internal pure returns (bytes32) {
        return bytes32(person);
    }

    function isPresent(Person storage person) internal view returns (bool) {
        return person.status == 1 || person.status == 2;
    }

    function isFree(uint256 wallet) internal view returns (bool) {
        return ownerOf[wallet] == 0 && !isRetired[wallet];
    }

    /// @dev The next person from a drawn one on, in a circle, whom `fits`; the drawn one if there is none. So what is
    /// pending is met often enough.
    function nextPerson(uint256 drawn, function(Person storage) view returns (bool) fits)
        internal
        view
        returns (uint256 index)
    {
        for (uint256 i; i < PEOPLE; ++i) {
            index = 1 + (drawn + i) % PEOPLE;
            if (fits(people[index])) return index;
        }
        return 1 + drawn % PEOPLE;
    }

    function hasLeft(Person storage person) internal view returns (bool) {
        return person.status > 2;
    }

    function isAnnounced(Person storage person) internal view returns (bool) {
        return person.excludableFrom != 0;
    }

    function isProposed(Person storage person) internal view returns (bool) {
        return person.proposedWallet != 0;
    }

    function isFrozen(Person storage person) internal view returns (bool) {
        return person.freezer != address(0);
    }

    // ------------------------------------------------------------------------------------------------------ GRACE

    function graceLeft(uint256 wallet) internal view returns (uint64) {
        Grace memory grace = graces[wallet];
        if (grace.stands) return grace.left;
        uint64 used = world.runningClock() - grace.since;
        return used < grace.left ? grace.left - used : 0;
    }

    function startGrace(uint256 wallet, bool stands) internal {
        graces[wallet] = Grace(true, stands, GRACE, world.runningClock());
    }

    /// @dev Books what was used so far and lets the grace stand or run from here on.
    function turnGrace(uint256 wallet, bool stands) internal {
        if (!graces[wallet].runs) return;
        graces[wallet] = Grace(true, stands, graceLeft(wallet), world.runningClock());
    }

    // ---------------------------------------------------------------------------------------------------- WRITING

    function bookDeparture(Person storage person) internal {
        startGrace(person.wallet, person.status == 2);
        person.status += 2;
        person.excludableFrom = 0;
    }

    function bookReplacement(uint256 index, uint256 wallet) internal {
        Person storage person = people[index];
        uint256 old = person.wallet;
        (ownerOf[old], ownerOf[wallet]) = (0, index);
        isRetired[old] = true;
        graces[wallet] = graces[old];
        delete graces[old];
        (person.wallet, person.proposedWallet, person.executableAt) = (wallet, 0, 0);
    }

    // --------------------------------------------------------------------------------------------------- COMPARING

    /// @dev I14 and I8, and that the chain knows every member, wallet and grace as this book does.
    function requireSameAsChain() external view {
        for (uint256 i = 1; i <= PEOPLE; ++i) requireSamePerson(i, people[i]);
        for (uint256 i = 1; i <= WALLETS; ++i) requireSameWallet(i);
        same(members.memberCount(), joined, "I14: members");
    }

    function requireSamePerson(uint256 index, Person storage person) private view {
        bytes32 id = idOf(index);
        address wallet = person.wallet == 0 ? address(0) : wallets[person.wallet];
        same(members.walletOf(id), wallet, "wallet of a member");
        same(members.frozenBy(id), person.freezer, "freezer of a member");
        (address pending, uint64 executableAt) = members.pendingReplacement(id);
        require(pending == (person.proposedWallet == 0 ? address(0) : wallets[person.proposedWallet]), "pending");
        same(executableAt, person.executableAt, "time of a replacement");
        (uint64 from,) = members.pendingExclusion(id);
        same(from, person.excludableFrom, "time of an exclusion");
        if (wallet == address(0)) return;
        (, uint8 class_, uint8 status) = token.accountOf(wallet);
        require(class_ == person.class_ && status == person.status, "class or status of a member");
        require(person.welcomes <= 1, "I8: a second welcome bonus");
    }

    function requireSameWallet(uint256 index) private view {
        address wallet = wallets[index];
        uint256 person = ownerOf[index];
        same(members.memberOf(wallet), idOf(person), "I14: member of a wallet");
        require(members.isRetired(wallet) == isRetired[index], "retired");
        bool isPresentWallet = person != 0 && people[person].wallet == index;
        uint8 status = isPresentWallet ? people[person].status : person != 0 ? 3 : 0;
        (uint128 balance,, uint8 found) = token.accountOf(wallet);
        same(found, status, "status of a wallet");
        require(status != 0 || balance == 0, "I3: a non-member holds tokens");
        (bool left, uint64 secondsLeft,) = members.graceOf(wallet);
        require(left == graces[index].runs, "who left");
        if (left) same(secondsLeft, graceLeft(index), "grace");
    }
}
