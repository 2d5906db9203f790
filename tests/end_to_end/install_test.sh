#!/usr/bin/env bash
# Installs tupu into an empty folder, looks at what it shows, builds examples/embedding against it and runs it.
#   install_test.sh SOURCE_DIR BUILD_DIR
set -euo pipefail
source_dir=$1 build_dir=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { printf 'install_test: %s\n' "$*" >&2; exit 1; }

cmake --install "$build_dir" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; fail "install failed"; }

# Headers name no library that is inside.
if grep -rniE 'rocksdb|boost|nlohmann|json::|fmt/|unicode/|date/' "$work/prefix/include"; then fail "a public header names an inner library"; fi

# Each public header compiles alone.
while IFS= read -r header; do
  printf '#include <tupu/%s>\n' "$header" | c++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ -I "$work/prefix/include" - ||
    fail "<tupu/$header> does not compile alone"
done < <(cd "$work/prefix/include/tupu" && ls -- *.h)

# Only names of tupu are exported, and the ones that a program needs are.
library=$(find "$work/prefix" -name 'libtupu.so' | head -1)
[ -n "$library" ] || fail "no libtupu.so"
nm -D --defined-only -C "$library" | sed -E 's/^[0-9a-f]* +[A-Za-z] +//' >"$work/symbols"
if grep -vE '^(tupu::|typeinfo (name )?for tupu::|vtable for tupu::|guard variable for tupu::|non-virtual thunk to tupu::)' "$work/symbols" | head -20 | grep .; then
  fail "symbols that are not tupu's are exported"
fi
grep -q '^tupu::Database::Open' "$work/symbols" || fail "tupu::Database::Open is not exported"
if grep -q '^tupu::GraphStore::' "$work/symbols"; then fail "inner classes are exported"; fi

cmake -G Ninja -S "$source_dir/examples/embedding" -B "$work/embedding" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >"$work/configure.log" ||
  { cat "$work/configure.log"; fail "find_package(tupu) failed"; }
cmake --build "$work/embedding" >"$work/build.log" || { cat "$work/build.log"; fail "examples/embedding does not build"; }
"$work/embedding/embedding" "$source_dir/examples/smart-city-2021" "$work/database" | tee "$work/output"

[ "$(grep -c '^51WORLD - ' "$work/output")" -ge 2 ] || fail "no partners were printed"
[ "$(grep -c '^drafts after one commit and one drop: 2$' "$work/output")" -eq 2 ] || fail "the transaction went wrong"
[ "$(grep -c '^stopped: ' "$work/output")" -eq 2 ] || fail "the query was not stopped"

# The installed executable runs on its own.
"$work/prefix/bin/tupu" version | grep -q '^tupu 0\.' || fail "the installed tupu does not run"
