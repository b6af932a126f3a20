#!/usr/bin/env bash
# Keycloak on this machine: the pinned distribution from Maven Central, checked, unpacked and built once in .cache.
#
#   scripts/keycloak.sh install    get and build it; a second run needs no network
#   scripts/keycloak.sh start      start it with the realm of this project, and wait until it answers
#   scripts/keycloak.sh stop       stop the one that was started
#   scripts/keycloak.sh run        as start, in the foreground (for tests and supervisors)
#
# KC_PORT (8180) and KC_RUN (.cache/keycloak/run, for secrets, log and process id) may be changed; so may the
# addresses of the realm file: DAPP_URL, AUDITOR_URL, API_URL, SMTP_HOST, SMTP_PORT, SMTP_FROM.  Users live in memory
# and are gone when it stops: for service, see compose.yml.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=26.7.5
SHA256=30ef87fb7101c43d29688d1ae80c0588ff4a151b3330e9f664bf9692d398658a
HOME_DIR="$PWD/.cache/keycloak/keycloak-$VERSION"
RUN=${KC_RUN:-$PWD/.cache/keycloak/run}
PORT=${KC_PORT:-8180}
REALM=gettone/identity/realm/gettone-realm.json

say() { printf '%s\n' "$*" >&2; }
refuse() { say "keycloak: $*"; exit 3; }

install() {
  [ -f "$HOME_DIR/gettone.stamp" ] && return
  local cache="$PWD/.cache/keycloak" zip
  zip="$cache/keycloak-quarkus-dist-$VERSION.zip"
  mkdir -p "$cache"
  if ! echo "$SHA256  $zip" | sha256sum --check --status 2>/dev/null; then
    say "getting Keycloak $VERSION from Maven Central (174 MB, once)"
    mvn -B -q -Dmaven.repo.local="$cache/repository" dependency:copy -DoutputDirectory="$cache" \
      -Dartifact="org.keycloak:keycloak-quarkus-dist:$VERSION:zip"
    echo "$SHA256  $zip" | sha256sum --check --status || refuse "$zip has another SHA-256 than $SHA256: remove it"
  fi
  say "unpacking and building Keycloak (about 20 s, once)"
  rm -rf "$HOME_DIR"
  unzip -q "$zip" -d "$cache"
  "$HOME_DIR/bin/kc.sh" build --db=dev-mem >"$cache/build.log" || refuse "the build failed: see $cache/build.log"
  # The archive was there twice, as Maven keeps its own; the built tree is all that is used from now on.
  rm -rf "$cache/repository" "$zip"
  touch "$HOME_DIR/gettone.stamp"
}

secret() { # secret NAME: made at first use, readable by its owner alone
  [ -s "$RUN/$1" ] || (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$RUN/$1")
  cat "$RUN/$1"
}

run() {
  install
  mkdir -p "$RUN"
  export ADMIN_CLIENT_SECRET VIEWER_CLIENT_SECRET KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD
  ADMIN_CLIENT_SECRET=$(secret admin-client)
  VIEWER_CLIENT_SECRET=$(secret viewer-client)
  KC_BOOTSTRAP_ADMIN_PASSWORD=$(secret bootstrap-admin)
  # Two at once would share the folder of the import; each runs from a tree of its own, made of links to the built one.
  rm -rf "$RUN/home"
  cp -al "$HOME_DIR" "$RUN/home" 2>/dev/null || cp -a "$HOME_DIR" "$RUN/home"
  mkdir -p "$RUN/home/data/import"
  cp "$REALM" "$RUN/home/data/import/"
  export JAVA_OPTS_KC_HEAP="-Xms64m -Xmx256m" JAVA_OPTS_APPEND="-XX:TieredStopAtLevel=1"
  exec "$RUN/home/bin/kc.sh" start --optimized --import-realm --http-enabled=true --http-host=127.0.0.1 \
    --http-port="$PORT" --hostname="http://127.0.0.1:$PORT" --cache=local
}

start() {
  install
  mkdir -p "$RUN"
  if [ -s "$RUN/pid" ] && kill -0 "$(cat "$RUN/pid")" 2>/dev/null; then
    say "Keycloak already runs, process $(cat "$RUN/pid")"
    return
  fi
  KC_RUN=$RUN KC_PORT=$PORT setsid "$0" run >"$RUN/log" 2>&1 </dev/null &
  echo $! >"$RUN/pid"
  local tries=0
  until curl -sf -o /dev/null "http://127.0.0.1:$PORT/realms/gettone/.well-known/openid-configuration"; do
    kill -0 "$(cat "$RUN/pid")" 2>/dev/null || refuse "Keycloak ended: see $RUN/log"
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || refuse "Keycloak does not answer after two minutes: see $RUN/log"
    sleep 0.2
  done
  .venv/bin/gettone idp realm-setup --issuer "http://127.0.0.1:$PORT/realms/gettone" --admin-password-file "$RUN/bootstrap-admin"
  say "Keycloak answers at http://127.0.0.1:$PORT/realms/gettone; settings for gettone:"
  say "  GETTONE_OIDC_ISSUER=http://127.0.0.1:$PORT/realms/gettone"
  say "  GETTONE_KEYCLOAK_ADMIN_SECRET_FILE=$RUN/admin-client"
}

stop() {
  [ -s "$RUN/pid" ] || refuse "nothing was started from $RUN"
  local pid
  pid=$(cat "$RUN/pid")
  kill "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  rm -rf "$RUN/pid" "$RUN/home"
}

case ${1:-} in
  install | run | start | stop) "$1" ;;
  *) refuse "say install, start, stop or run" ;;
esac
