#!/usr/bin/env bash
# Runs what README.md tells a newcomer to run, in an empty copy of its surroundings, and compares what it shows.
#   readme_test.sh SOURCE_DIR TUPU_EXECUTABLE
# A block ```sh is run as it stands (./setup.sh demo with the executable at hand, ./setup.sh test not at all: this is it);
# a block ```console holds commands after "$ " and the exact output of each.
set -euo pipefail
source_dir=$1 executable=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$source_dir/setup.sh" "$source_dir/README.md" "$work"
ln -s "$source_dir/examples" "$work/examples"
mkdir -p "$work/build/release"
ln -s "$executable" "$work/build/release/tupu"
cd "$work"
export TUPU_EXECUTABLE=$executable LANG=C.UTF-8
unset TUPU_DB LC_ALL LANGUAGE

awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on' README.md | grep -v '^\./setup\.sh test' >commands.sh
grep -q '^\./setup\.sh demo' commands.sh || { echo "readme_test: README.md does not show ./setup.sh demo" >&2; exit 1; }
bash -eu commands.sh >demo.out 2>demo.err || { cat demo.out demo.err; echo "readme_test: a command of README.md failed" >&2; exit 1; }
cat demo.out

# (a) to (d) of the demo are there.
for expected in '拓维信息' '腾讯云' '武汉人工智能计算中心' '51WORLD' 'pagerank' '南京国图' 'huawei-ecosystem.svg'; do
  grep -q -- "$expected" demo.out demo.err || { echo "readme_test: the demo does not show $expected" >&2; exit 1; }
done
grep -q '</svg>' out/huawei-ecosystem.svg
grep -q '</svg>' out/deals.svg

export PATH=$work/build/release:$PATH TUPU_DB=$work/smart-city.db
awk '/^```console$/ {on = 1; next} /^```$/ {on = 0} on' README.md >console
failed=0 compared=0
check() {
  [ -n "${command:-}" ] || return 0
  bash -c "$command" >actual 2>/dev/null || { echo "readme_test: failed: $command" >&2; failed=1; return 0; }
  compared=$((compared + 1))
  diff -u expected actual || { echo "readme_test: README.md shows another answer for: $command" >&2; failed=1; }
}
while IFS= read -r line || [ -n "$line" ]; do
  if [[ $line == '$ '* ]]; then
    check
    command=${line#\$ }
    : >expected
  else
    printf '%s\n' "$line" >>expected
  fi
done <console
check
[ "$compared" -ge 2 ] || { echo "readme_test: no answers were compared" >&2; exit 1; }
exit "$failed"
