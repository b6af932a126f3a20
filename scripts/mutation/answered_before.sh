#!/usr/bin/env bash
# A compiler for forge in a workshop: a question that was asked before is answered from a file.  forge asks for the
# interfaces of all sources before every filtered run; they are the same for every mutant, whose source is put back.
set -euo pipefail
answers=build/answers
mkdir -p "$answers"
question=$(mktemp)
trap 'rm -f "$question"' EXIT
case " $* " in *" --standard-json "*) cat >"$question" ;; esac
answer="$answers/$({ printf '%s\0' "$@"; cat "$question"; } | sha256sum | cut -c1-64)"
if [ ! -e "$answer" ]; then
  node tools/solcw "$@" <"$question" >"$question.answer"
  mv "$question.answer" "$answer"
fi
cat "$answer"
