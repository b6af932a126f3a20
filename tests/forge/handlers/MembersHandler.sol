// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityHandler} from "./CommunityHandler.sol";
import {CommunityWorld} from "./CommunityWorld.sol";
import {MembersModel} from "./MembersModel.sol";

/// @dev Members, registrars and community administrators: joining, leaving, freezing, excluding, replacing, sweeping.
contract MembersHandler is MembersModel {
    uint64 private constant WINDOW = 30 days;

    /// @dev The first members join here, so that the book knows them.
    constructor(CommunityWorld world_) CommunityHandler(world_) {
        uint256 count = world_.MEMBERS();
        for (uint256 i = 1; i <= count; ++i) {
            uint8 class_ = i <= world_.CITIZENS() ? CITIZEN : STAKEHOLDER;
            joinMember(i, class_);
            bookJoin(i, i, class_, 0);
        }
    }

    // ---------------------------------------------------------------------------------------------------- JOINING

    /// @dev Member ids and wallets are drawn apart, so that taken ones of both kinds are tried.
    function join(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 index = (seed >> 16) % 2 == 0 ? 1 + seed % PEOPLE : nextPerson(seed % PEOPLE, hasLeft);
        Person storage person = people[index];
        uint256 wallet = (seed >> 32) % 2 == 0 && person.wallet != 0 ? person.wallet : 1 + (seed >> 64) % WALLETS;
        uint8 class_ = person.class_ == 0 ? CITIZEN : person.class_;
        bool again = isPresent(person) && person.wallet == wallet;
        bool consented = (seed >> 96) % 8 != 0;
        bytes memory consent = joinConsent(consented ? wallet : 1 + wallet % WALLETS, index, class_);
        uint256 held = token.balanceOf(wallets[wallet]);
        vm.prank(REGISTRAR);
        try members.join(idOf(index), wallets[wallet], class_, block.timestamp, consent) {
            require(again || (consented && mayJoin(index, wallet)), "an unlawful join passed");
            if (!again) bookJoin(index, wallet, class_, token.balanceOf(wallets[wallet]) - held);
        } catch {
            require(!again && !(consented && mayJoin(index, wallet)), "a lawful join was refused");
        }
    }

    function mayJoin(uint256 index, uint256 wallet) private view returns (bool) {
        Person storage person = people[index];
        if (world.isSuspended() || isRetired[wallet]) return false;
        if (ownerOf[wallet] != 0 && ownerOf[wallet] != index) return false;
        if (person.status == 0) return true;
        return person.status == 3 && (person.wallet == wallet || graceLeft(person.wallet) == 0);
    }

    function bookJoin(uint256 index, uint256 wallet, uint8 class_, uint256 received) private {
        Person storage person = people[index];
        if (person.status == 0) ++joined;
        else world.reach("joined again");
        if (received != 0) ++person.welcomes;
        (person.wallet, person.class_, person.status) = (wallet, class_, 1);
        (person.proposedWallet, person.executableAt) = (0, 0);
        ownerOf[wallet] = index;
        delete graces[wallet];
    }

    function claimWelcome(uint256 drawn) external watching {
        uint256 index = 1 + mix(drawn) % PEOPLE;
        address wallet = wallets[people[index].wallet];
        uint256 held = token.balanceOf(wallet);
        try treasury.claimWelcomeBonus(idOf(index)) {
            if (token.balanceOf(wallet) != held) ++people[index].welcomes;
        } catch {
            (bool granted, uint256 owed) = treasury.welcomeBonusOf(idOf(index));
            bool isShort = token.balanceOf(address(treasury)) < owed;
            require(!granted || world.isPaused() || isShort, "a lawful claim was refused");
        }
    }

    // ---------------------------------------------------------------------------------------------------- LEAVING

    function leave(uint256 drawn) external watching {
        Person storage person = people[1 + mix(drawn) % PEOPLE];
        vm.prank(wallets[person.wallet]);
        try members.leave(idOf(ownerOf[person.wallet]), 0, "") {
            require(isPresent(person), "an unlawful leave passed");
            bookDeparture(person);
            world.reach("left");
        } catch {
            require(!isPresent(person), "a lawful leave was refused");
        }
    }

    /// @dev Announces, or executes what was announced, early, in time or too late.
    function exclude(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 index = nextPerson(seed % PEOPLE, isAnnounced);
        Person storage person = people[index];
        uint64 from = person.excludableFrom;
        if (from == 0) return announce(index);
        if ((seed >> 32) % 2 == 0) vm.warp(block.timestamp + (seed >> 64) % 20 days);
        bool lawful = isPresent(person) && block.timestamp >= from && block.timestamp <= from + WINDOW;
        vm.prank(COMMUNITY_ADMIN);
        try members.exclude(idOf(index)) {
            require(lawful, "an unlawful exclusion passed");
            bookDeparture(person);
            world.reach("excluded");
        } catch {
            require(!lawful, "a lawful exclusion was refused");
            if (block.timestamp > from + WINDOW) announce(index);
        }
    }

    function announce(uint256 index) private {
        Person storage person = people[index];
        vm.prank(COMMUNITY_ADMIN);
        try members.announceExclusion(idOf(index)) {
            require(isPresent(person), "announced to a stranger");
            person.excludableFrom = uint64(block.timestamp) + NOTICE;
        } catch {
            require(!isPresent(person), "a lawful announcement was refused");
        }
    }

    /// @dev Any wallet, so that those of present members and of nobody are tried.
    function sweep(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 wallet = 1 + seed % WALLETS;
        if ((seed >> 16) % 2 == 0) wallet = people[nextPerson(seed % PEOPLE, hasLeft)].wallet;
        if (wallet == 0) return;
        if ((seed >> 32) % 4 == 0) vm.warp(block.timestamp + 60 days);
        mayFall(wallets[wallet]);
        uint256 held = token.balanceOf(wallets[wallet]);
        uint256 treasuryHeld = token.balanceOf(address(treasury));
        bool lawful = graces[wallet].runs && !graces[wallet].stands && graceLeft(wallet) == 0;
        try members.sweep(wallets[wallet]) returns (uint256 amount) {
            require(lawful && amount == held, "an unlawful sweep passed");
            require(token.balanceOf(address(treasury)) == treasuryHeld + held, "swept elsewhere");
            if (amount != 0) world.reach("swept");
        } catch {
            require(!lawful || (world.isPaused() && held != 0), "a lawful sweep was refused");
        }
    }

    // --------------------------------------------------------------------------------------------------- FREEZING

    function freeze(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        bool thaw = (seed >> 64) % 2 == 0;
        uint256 index = thaw ? nextPerson(seed % PEOPLE, isFrozen) : 1 + seed % PEOPLE;
        Person storage person = people[index];
        if (person.status == 0) return;
        address admin = (seed >> 32) % 2 == 0 ? COMMUNITY_ADMIN : world.DEPUTY();
        vm.prank(admin);
        if (thaw) members.unfreeze(idOf(index));
        else members.freeze(idOf(index));
        if (thaw != isFrozen(person)) return;
        turnGrace(person.wallet, !thaw);
        person.freezer = thaw ? address(0) : admin;
        if (!thaw) (person.proposedWallet, person.executableAt) = (0, 0);
        if (thaw) --person.status;
        else ++person.status;
        world.reach(thaw ? "unfrozen" : "frozen");
    }

    // -------------------------------------------------------------------------------------------------- SIGNATURES

    function joinConsent(uint256 wallet, uint256 index, uint8 class_) internal view returns (bytes memory) {
        bytes32 typehash =
            keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");
        uint256 nonce = members.nonces(wallets[wallet]);
        bytes32 community = keccak256(bytes(COMMUNITY));
        bytes32 structHash =
            keccak256(abi.encode(typehash, community, idOf(index), class_, nonce, block.timestamp));
        return signTyped(memberKey(wallet), "MemberRegistry", "1", address(members), structHash);
    }
}
