#!/bin/bash
# Runs the contract tests in Python (Brownie) on an anvil of their own; arguments go to pytest.
# Brownie starts that anvil on loopback and ends it; the trap is for a run that is killed half-way.
set -eu
cd "$(dirname "$0")/.."

case "${1:--}" in
    -*) set -- tests/contracts "$@" ;; # no path given: all of them
esac

port=18633 # as in brownie-config.yaml
export HOME="$PWD/.brownie-home" SOLCX_BINARY_PATH="$PWD/.solcx"
export PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"
mkdir -p .brownie-home build .solcx
ln -sfn ../tools/solcw .solcx/solc-v0.8.37

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "port $port of loopback is in use, so the tests could meet a foreign chain: end that program first" >&2
    exit 1
fi

# A process group of its own, so that what is left of it can be ended as a whole and nothing else is touched.
set -m
python -m pytest "$@" &
tests=$!
set +m
trap 'kill -TERM -- "-$tests" 2>/dev/null || true' INT TERM EXIT
wait "$tests"
