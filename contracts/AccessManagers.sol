// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// The permission book of a community and of the platform, unmodified: imported so that its artifact is built.
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
