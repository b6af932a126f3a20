#!/usr/bin/env bash
# Runs the contract tests of forge: unit, fuzz, invariants, exact gas.  forge compiles with the npm compiler through
# the wrapper in tools/; it needs no network and no home folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .solcx build
ln -sfn ../tools/solcw .solcx/solc-v0.8.37
export FOUNDRY_DISABLE_NIGHTLY_WARNING=1
exec node_modules/.bin/forge test "$@"
