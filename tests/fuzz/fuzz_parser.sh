#!/usr/bin/env bash
# Builds the parser with clang-16's libFuzzer, ASan and UBSan, and fuzzes it for TUPU_FUZZ_SECONDS (default 60).
#
#   fuzz_parser.sh SOURCE BUILD
#
# Begins from the queries of tests/query/cases and from tests/fuzz/corpus. An input that fails is left in BUILD/failing and
# printed in base64; mend what it finds, and add the input to the corpus. Exit status 77: clang-16 or its runtime is missing.
set -euo pipefail
source_dir=$1 build_dir=$2
compiler=$(command -v clang++-16) || { echo "clang++-16 is not installed"; exit 77; }

mkdir -p "$build_dir/failing" "$build_dir/found" "$build_dir/cases"
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$build_dir/probe.cc"
if ! "$compiler" -fsanitize=fuzzer,address,undefined "$build_dir/probe.cc" -o "$build_dir/probe"; then
  echo "clang-16 is there without libclang-rt-16-dev"
  exit 77
fi

cmake -S "$source_dir" -B "$build_dir" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_FLAGS="-O1 -g1" -DTUPU_FUZZ=ON -DTUPU_BUILD_TESTS=OFF -DTUPU_WITH_ROCKSDB=OFF >/dev/null
cmake --build "$build_dir" --target tupu_parser_fuzzer

# One file a query; a query may go on in indented lines.
awk -v folder="$build_dir/cases/" '
  /^query / { close(file); file = folder (++number); sub(/^query +/, ""); print >file; on = 1; next }
  /^ / && on { print >file; next }
  { on = 0 }' "$source_dir"/tests/query/cases/*.case

"$build_dir/tests/fuzz/tupu_parser_fuzzer" "$build_dir/found" "$build_dir/cases" "$source_dir/tests/fuzz/corpus" \
  -dict="$source_dir/tests/fuzz/cypher.dict" -max_total_time="${TUPU_FUZZ_SECONDS:-60}" -max_len=4096 -timeout=10 \
  -rss_limit_mb=2048 -artifact_prefix="$build_dir/failing/" -print_final_stats=1 -verbosity=1
