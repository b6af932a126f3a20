#!/usr/bin/env bash
# Sets up everything the two commands need, inside the project folder: the Python environment, the npm packages
# (compiler, local chain, contract library) and, where asked, Debian's PostgreSQL and Mosquitto.  What is there and
# unchanged is left alone, so a second run needs no network.
#
#   scripts/setup.sh            for `make demo`
#   scripts/setup.sh postgres mosquitto slither halmos keycloak chromium   for `make test`: database tests on
#                              PostgreSQL, meters on a real broker, checks of the contracts, logins at a real
#                              identity provider, pages in a real browser
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}
UV_VERSION=0.13.8

# Downloads are cached here too: nothing is left in the home folder.
export UV_CACHE_DIR="$PWD/.cache/uv" PIP_CACHE_DIR="$PWD/.cache/pip" npm_config_cache="$PWD/.cache/npm"

say() { printf '%s\n' "$*" >&2; }
refuse() { say "setup: $*"; exit 3; }

debian_packages() { # debian_packages WHY PACKAGE…
  local why=$1; shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    refuse "$why is missing: install it with 'apt-get install $*' as root, then run this command again"
  fi
  say "installing Debian packages: $*"
  apt-get update -qq >/dev/null || say "package lists could not be renewed; trying with the old ones"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

check_versions() {
  command -v "$PYTHON" >/dev/null || refuse "$PYTHON is not on the path: Python 3.11 or newer is needed"
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || refuse "Python 3.11 or newer is needed"
  command -v npm >/dev/null || refuse "npm is not on the path: Node 20.19 or newer with npm is needed"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    refuse "Node $(node --version) is too old: 20.19 or newer is needed"
}

python_environment() {
  local want have
  want=$({ sha256sum requirements.lock pyproject.toml; "$PYTHON" --version; pwd; } | sha256sum)
  have=$(cat .venv/gettone.stamp 2>/dev/null || true)
  [ "$want" = "$have" ] && return
  say "setting up Python packages in .venv (about 20 s, once)"
  "$PYTHON" -c 'import ensurepip' 2>/dev/null || debian_packages "Python's venv module" python3-venv
  rm -rf .venv
  "$PYTHON" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$UV_VERSION"
  local packages=(--require-hashes --no-deps --no-binary eth-brownie -r requirements.lock)
  export BROWNIE_LIB=1 BROWNIE_NOCOMPILE=1 # the compiled Brownie breaks its own state machines
  # The certificates of the machine, for networks with an authority of their own; pip brings its own if that fails.
  .venv/bin/uv --system-certs pip install -q --python .venv/bin/python "${packages[@]}" || {
    say "that did not work; trying with pip, which takes a minute"
    .venv/bin/python -m pip install -q --disable-pip-version-check "${packages[@]}"
  }
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
  printf '%s\n' "$want" >.venv/gettone.stamp
}

node_packages() {
  local want have
  want=$(sha256sum package.json package-lock.json | sha256sum)
  have=$(cat node_modules/gettone.stamp 2>/dev/null || true)
  if [ "$want" != "$have" ]; then
    say "setting up npm packages in node_modules (about 5 s, once)"
    npm ci --silent --no-audit --no-fund --ignore-scripts
    printf '%s\n' "$want" >node_modules/gettone.stamp
  fi
  # A link, not a copy: Node finds the compiler package from the wrapper's real place.
  mkdir -p .solcx
  ln -sfn ../tools/solcw .solcx/solc-v0.8.37
}

postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || debian_packages "PostgreSQL" postgresql
}

mosquitto() {
  # Debian puts the broker where only root looks for programs.
  PATH="$PATH:/usr/sbin" command -v mosquitto >/dev/null || debian_packages "Mosquitto" mosquitto
}

# slither and halmos pin packages that contradict ours, so each lives in an environment of its own.
tool_environment() { # tool_environment NAME
  local name=$1 lock="requirements/$1.lock" home=".cache/$1-venv" want have
  want=$({ sha256sum "$lock"; "$PYTHON" --version; pwd; } | sha256sum)
  have=$(cat "$home/gettone.stamp" 2>/dev/null || true)
  [ "$want" = "$have" ] && return
  say "setting up $name in $home (about 5 s, once)"
  rm -rf "$home"
  "$PYTHON" -m venv --without-pip "$home"
  .venv/bin/uv --system-certs pip install -q --python "$home/bin/python" --require-hashes --no-deps -r "$lock" ||
    .venv/bin/python -m pip --python "$home/bin/python" install -q --require-hashes --no-deps -r "$lock"
  printf '%s\n' "$want" >"$home/gettone.stamp"
}

keycloak() {
  local missing=()
  command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
  command -v mvn >/dev/null || missing+=(maven)
  command -v unzip >/dev/null || missing+=(unzip)
  [ "${#missing[@]}" = 0 ] || debian_packages "what Keycloak needs" "${missing[@]}"
  scripts/keycloak.sh install
}

chromium() {
  command -v chromium >/dev/null || debian_packages "Chromium" chromium
}

check_versions
python_environment
node_packages
for extra in "$@"; do
  case $extra in
    postgres) postgres ;;
    mosquitto) mosquitto ;;
    keycloak) keycloak ;;
    chromium) chromium ;;
    slither | halmos) tool_environment "$extra" ;;
    *) refuse "unknown part '$extra'" ;;
  esac
done
