#!/usr/bin/env bash
# What goes wrong for users gives a clear message and the right exit status, and leaves the data whole.
#   bad_input_test.sh SOURCE_DIR TUPU_EXECUTABLE
set -uo pipefail
source_dir=$1 tupu=$2
work=$(mktemp -d)
mounted=
# shellcheck disable=SC2317  # called by the trap
cleanup() {
  [ -n "$mounted" ] && umount "$mounted"
  rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit 1
unset TUPU_DB
failed=0

# expect STATUS PATTERN WHAT COMMAND...: the exit status, and the pattern on stderr
expect() {
  local status=$1 pattern=$2 what=$3
  shift 3
  "$@" >stdout 2>stderr </dev/null
  local actual=$?
  if [ "$actual" -ne "$status" ] || ! grep -qE -- "$pattern" stderr; then
    printf 'FAILED %s: exit %s (wanted %s), stderr wanted /%s/:\n' "$what" "$actual" "$status" "$pattern"
    cat stderr
    failed=1
  else
    printf 'ok     %s\n' "$what"
  fi
}

count() { # count DATABASE: vertices and edges, exactly
  "$tupu" query -d "$1" --format csv 'MATCH (n) WITH count(n) AS n MATCH ()-[r]->() RETURN n, count(r) AS r' | tail -1 | tr -d '\r'
}

"$tupu" load -d db "$source_dir/examples/smart-city-2021" >/dev/null || { echo "the data set does not load"; exit 1; }
before=$(count db)
[[ $before =~ ^[0-9]+,[0-9]+$ ]] || { echo "cannot count: $before"; exit 1; }
whole() {
  local now
  now=$(count "${1:-db}")
  [ "$now" = "$before" ] || { printf 'FAILED the data changed: %s, was %s\n' "$now" "$before"; failed=1; }
}

expect 1 '1:11: .*RETRUN' 'a wrong query' "$tupu" query -d db 'MATCH (n) RETRUN n'
expect 1 'Did you mean RETURN' 'a wrong query has a hint' "$tupu" query -d db 'MATCH (n) RETRUN n'
expect 1 'not defined|UndefinedVariable' 'an unknown variable' "$tupu" query -d db 'MATCH (n) RETURN m'
expect 1 'did you mean 华为' 'an unknown name' "$tupu" partners -d db 华位
expect 2 'colour|unknown option' 'an unknown option' "$tupu" partners -d db 华为 --colour
expect 3 'there is no database at' 'no database' "$tupu" query -d nowhere 'RETURN 1'
mkdir folder && echo text >folder/file
expect 3 'not a tupu database' 'a folder that is not a database' "$tupu" query -d folder 'RETURN 1'
expect 3 'not a tupu database|not a (folder|directory)' 'a file that is not a database' "$tupu" query -d folder/file 'RETURN 1'
expect 3 'not a tupu database' 'loading into a folder that is not a database' "$tupu" load -d folder "$source_dir/examples/smart-city-2021"
[ "$(ls folder)" = file ] || { echo 'FAILED something was written into a foreign folder'; failed=1; }

mkdir damaged
printf 'id:ID,:LABEL,name,founded:int\n1,Draft,甲,2001\n2,Draft,乙,soon\n' >damaged/nodes.csv
expect 1 '^error: damaged/nodes\.csv:3:[0-9]+: .*founded.*soon.*not a whole number' 'a damaged cell' "$tupu" load -d db damaged
whole
printf 'id:ID,:LABEL,name\n1,Draft,甲\n2,Draft,"乙\n' >damaged/nodes.csv
expect 1 'nodes\.csv:3' 'a quote that is never closed' "$tupu" load -d db damaged
whole
printf 'id:ID,:LABEL,name\n1,Draft,甲\n' >damaged/nodes.csv
printf ':START_ID,:END_ID,:TYPE\n1,7,KNOWS\n' >damaged/edges.csv
expect 1 'edges\.csv:2:.*"?7"?' 'an unknown end' "$tupu" load -d db damaged
whole
rm damaged/edges.csv
gzip -k damaged/nodes.csv && head -c 20 damaged/nodes.csv.gz >cut.csv.gz
expect 3 'cut\.csv\.gz' 'a damaged gzip file' "$tupu" load -d db cut.csv.gz
whole
expect 1 'sources|ontology|name' 'a statement against the ontology' "$tupu" query -d db "CREATE (:Firm:Organization {note: 'no name'})"
whole
expect 4 'time limit' 'a query over its time' "$tupu" query -d db --timeout 1 'UNWIND range(1,100000) AS a UNWIND range(1,100000) AS b RETURN sum(a*b)'
expect 4 'memory limit' 'a query over its memory' "$tupu" query -d db --memory 20 'UNWIND range(1,10000000) AS a RETURN collect(a)'
expect 3 'No space left|disk is full' 'standard output is full' bash -c "'$tupu' query -d db 'MATCH (n) RETURN n' >/dev/full"
expect 3 'no/such/folder' 'a picture into a folder that is not there' "$tupu" partners -d db 华为 -o no/such/folder/x.svg

# Another process writes: it holds the database while its shell waits for input.
mkfifo input
"$tupu" shell -d db <input >shell.out 2>&1 &
writer=$!
exec 3>input
echo "CREATE (:Draft {name: 'held'});" >&3
for _ in $(seq 100); do [ "$(count db)" != "$before" ] && break; sleep 0.1; done
expect 3 'another process' 'loading while another process writes' "$tupu" load -d db "$source_dir/examples/smart-city-2021"
expect 3 'another process' 'writing while another process writes' "$tupu" query -d db 'CREATE (:Draft)'
expect 0 '' 'reading while another process writes' "$tupu" partners -d db 华为
echo "MATCH (d:Draft) DELETE d;" >&3
exec 3>&-
wait "$writer"
whole

# A disk that fills up while a load runs: a small file system of our own, where one may be mounted.
mkdir small
if mount -t tmpfs -o size=8m tmpfs small 2>/dev/null; then
  mounted=$work/small
  cp -r --sparse=always db small/db
  if [ "$(count small/db)" = "$before" ]; then
    { printf 'id:ID,:LABEL,name,text\n'; for i in $(seq 200000); do printf '%s,Draft,draft %s,%s%s%s\n' "$i" "$i" "$RANDOM" "$RANDOM" "$RANDOM"; done; } >big.csv
    expect 3 'No space left|disk is full' 'a full disk' "$tupu" load -d small/db big.csv
    whole small/db
  else
    echo 'skipped a full disk: the copy does not fit the small file system'
    failed=1
  fi
else
  echo 'skipped a full disk: no file system may be mounted here'
fi

exit "$failed"
