#!/usr/bin/env bash
# Sets tupu up on Debian 12 and runs it: the one script behind both commands of the README and behind CI.
#
#   ./setup.sh          install what is missing, build a release in build/release
#   ./setup.sh demo     the same, then load the smart-city report and print the answers of the README
#   ./setup.sh test     the same with tests, then run all of them
#
# A second run installs nothing and rebuilds only what changed. Needs root or sudo where a package is missing.
# Environment: TUPU_JOBS (compiler processes, default: cores), TUPU_BUILD_DIR (default: build/release),
#              TUPU_CMAKE_ARGS (further options for cmake), TUPU_TEST_ARGS (further options for ctest),
#              TUPU_EXECUTABLE (demo: use this tupu, install and build nothing).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

packages=(
  g++ cmake ninja-build
  librocksdb-dev libfmt-dev nlohmann-json3-dev libboost-graph-dev libicu-dev libre2-dev libroaring-dev zlib1g-dev
  libhowardhinnant-date-dev tzdata libedit-dev pkg-config libgtest-dev libgmock-dev
  graphviz fonts-noto-cjk
)
test_packages=(clang-16 libclang-rt-16-dev)  # libFuzzer and its sanitizers: 46 MB to fetch
build_dir=${TUPU_BUILD_DIR:-build/release}
jobs=${TUPU_JOBS:-$(nproc)}

say() { printf '%s\n' "$*" >&2; }

install_missing_packages() {
  local missing=()
  local package
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "setup: installing ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "setup: these packages are missing and neither root nor sudo is at hand; install them and run this again:"
      say "  apt-get install ${missing[*]}"
      exit 3
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

build() { # build TESTS(ON|OFF)
  # shellcheck disable=SC2086  # several options in one variable
  cmake -S . -B "$build_dir" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTUPU_BUILD_TESTS="$1" ${TUPU_CMAKE_ARGS:-} >&2
  cmake --build "$build_dir" -j "$jobs" >&2
}

demo() {
  local tupu=${TUPU_EXECUTABLE:-$build_dir/tupu} database=smart-city.db pictures=out
  mkdir -p "$pictures"
  "$tupu" load -d "$database" examples/smart-city-2021 examples/smart-city-2021-editorial
  export TUPU_DB=$database

  printf '\n# 谁与华为合作 / who partners with 华为\n'
  "$tupu" partners 华为
  printf '\n# 谁与腾讯合作（含旗下品牌） / who partners with 腾讯, its brands counted in\n'
  "$tupu" partners 腾讯 --group
  printf '\n# 中介中心性前 15 / the 15 most central organisations, by betweenness\n'
  "$tupu" centrality betweenness -n 15
  printf '\n# PageRank 前 15 / the same by PageRank\n'
  "$tupu" centrality pagerank -n 15
  printf '\n# 从超图到优锆科技 / the shortest path from 超图 to 优锆科技\n'
  "$tupu" path 超图 优锆科技
  printf '\n# 华为生态图 / a picture of the ecosystem of 华为\n'
  "$tupu" ecosystem 华为 -o "$pictures/huawei-ecosystem.svg"
  printf 'written to %s\n' "$PWD/$pictures/huawei-ecosystem.svg"
}

case "${1:-build}" in
  build)
    install_missing_packages
    build OFF
    say "setup: built $build_dir/tupu"
    ;;
  demo)
    if [ -z "${TUPU_EXECUTABLE:-}" ]; then
      install_missing_packages
      build OFF
    fi
    demo
    ;;
  test)
    packages+=("${test_packages[@]}")
    install_missing_packages
    build ON
    # shellcheck disable=SC2086
    ctest --test-dir "$build_dir" --output-on-failure -j "$jobs" ${TUPU_TEST_ARGS:-}
    ;;
  *)
    say "usage: ./setup.sh [build|demo|test]"
    exit 2
    ;;
esac
