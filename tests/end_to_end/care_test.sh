#!/usr/bin/env bash
# The commands of care as an operator meets them: check, backup, restore, recover, compact, and a database in use.
#   care_test.sh SOURCE_DIR TUPU_EXECUTABLE
set -uo pipefail
source_dir=$1 tupu=$2
work=$(mktemp -d)
holder=
# shellcheck disable=SC2317  # called by the trap
cleanup() {
  [ -n "$holder" ] && kill "$holder" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit 1
unset TUPU_DB
failed=0

# expect STATUS PATTERN WHAT COMMAND...: the exit status, and the pattern on stdout or stderr
expect() {
  local status=$1 pattern=$2 what=$3
  shift 3
  "$@" >stdout 2>stderr </dev/null
  local actual=$?
  if [ "$actual" -ne "$status" ] || ! grep -qE -- "$pattern" stdout stderr; then
    printf 'FAILED %s: exit %s (wanted %s), wanted /%s/:\n' "$what" "$actual" "$status" "$pattern"
    cat stdout stderr
    failed=1
  else
    printf 'ok     %s\n' "$what"
  fi
}

flip() { # flip FILE OFFSET: one byte of it is changed
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
  # shellcheck disable=SC2059  # the byte is the format
  printf "\\x$(printf %02x $((byte ^ 65)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

"$tupu" load -d db "$source_dir/examples/smart-city-2021" >/dev/null || { echo "the data set does not load"; exit 1; }

expect 0 'no damage found' 'a whole database is clean' "$tupu" check -d db
expect 0 '"rows":\[\]' 'the same for programs' "$tupu" check -d db --format json
expect 0 'bytes on disk' 'compact' "$tupu" compact -d db
expect 0 '^ +1 .*810 +1440' 'a first backup' "$tupu" backup -d db backups
"$tupu" query -d db 'CREATE (:Memo {name: "甲"})' >/dev/null 2>&1
expect 0 '^ +2 .*811 +1440' 'a second one' "$tupu" backup -d db backups
expect 0 '^2,' 'both are listed' "$tupu" backup --list backups --format csv
expect 0 'as it was written' 'both are verified' "$tupu" backup --verify backups
expect 3 'there are no backups' 'a folder without backups' "$tupu" backup --list nowhere
expect 3 'no folder of backups' 'a foreign folder is not used' "$tupu" backup -d db "$source_dir/examples"
expect 3 'not empty' 'restoring over a database is refused' "$tupu" restore backups --to db
expect 2 'where to' 'restoring to nowhere' "$tupu" restore backups
expect 3 'there is no backup 9' 'an unknown backup' "$tupu" restore backups --to restored --id 9
expect 0 '^ +1 .*810' 'the first backup is restored' "$tupu" restore backups --to restored --id 1
expect 0 '^810' 'it holds what the database held then' "$tupu" query -d restored --format csv 'MATCH (n) RETURN count(n)'
expect 0 'no damage found' 'it is clean' "$tupu" check -d restored
expect 0 'nothing to recover' 'a whole database needs no recovery' "$tupu" recover -d db
expect 2 'in memory' 'a database in memory has no files' "$tupu" check -d :memory:

# Another process holds the database for writing: a shell that wrote and waits for more.
mkfifo statements
"$tupu" shell -d db <statements >/dev/null 2>&1 &
holder=$!
exec 7>statements
echo 'CREATE (:Memo {name: "乙"});' >&7
for _ in $(seq 100); do
  "$tupu" query -d db --format csv 'MATCH (f:Memo {name: "乙"}) RETURN f.name' 2>/dev/null | grep -q 乙 && break
  sleep 0.1
done
expect 0 '乙' 'reading beside a writer sees its commits' "$tupu" query -d db 'MATCH (f:Memo {name: "乙"}) RETURN f.name'
expect 3 'another process holds the database' 'a second writer is turned away' "$tupu" query -d db 'CREATE (:Memo)'
expect 0 'no damage found' 'check beside a writer' "$tupu" check -d db
expect 0 '^ +3 .*812' 'backup beside a writer' "$tupu" backup -d db backups
expect 3 'another process holds the database' 'compact needs the database alone' "$tupu" compact -d db
expect 3 'another process holds the database' 'recover, too' "$tupu" recover -d db
exec 7>&-
wait "$holder"
holder=
[ -z "$(ls -d db.* 2>/dev/null)" ] || { echo 'FAILED something was left beside the database'; failed=1; }

# A shell that only reads keeps no writer out.
mkfifo reading
"$tupu" shell -d db <reading >read 2>/dev/null &
holder=$!
exec 7>reading
echo 'MATCH (f:Memo {name: "丙"}) RETURN count(f);' >&7
expect 0 'nodes created' 'a writer beside a shell that reads' "$tupu" query -d db 'CREATE (:Memo {name: "丙"})'
sleep 1
echo 'MATCH (f:Memo {name: "丙"}) RETURN f.name;' >&7
exec 7>&-
wait "$holder"
holder=
grep -q 丙 read || { echo 'FAILED the shell did not see the commit of the writer:'; cat read; failed=1; }

# A damaged log.
for i in $(seq 1 30); do echo "CREATE (:Memo {name: 'firm $i', text: '$(head -c 5000 /dev/zero | tr '\0' x)'});"; done |
  "$tupu" shell -d db >/dev/null 2>&1
log=$(ls -S db/*.log | head -1)
flip "$log" $(($(stat -c %s "$log") / 2))
expect 3 'orruption' 'a damaged log is not passed over' "$tupu" query -d db 'RETURN 1'
expect 0 'lost: commits [0-9]+ to [0-9]+' 'a dry run tells the loss' "$tupu" recover -d db --dry-run
expect 3 'orruption' 'and changes nothing' "$tupu" query -d db 'RETURN 1'
expect 0 'kept as db.damaged-1' 'recover' "$tupu" recover -d db
expect 0 'no damage found' 'what is recovered is whole' "$tupu" check -d db
expect 0 '丙' 'it holds what came before the damage' "$tupu" query -d db 'MATCH (f:Memo {name: "丙"}) RETURN f.name'
expect 3 'orruption' 'the original is kept as it was' "$tupu" query -d db.damaged-1 'RETURN 1'

# A damaged table.
"$tupu" compact -d db >/dev/null 2>&1
flip "$(ls -S db/*.sst | head -1)" 200
expect 3 'unreadable' 'check finds a flipped bit' "$tupu" check -d db

exit "$failed"
