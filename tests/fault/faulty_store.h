#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

#include "storage/check/check_graph.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"
#include "tests/fault/simulated_disk.h"

namespace tupu {

/// A graph store on a simulated disk, with the key-value store under it at hand.
struct FaultyStore {
  std::unique_ptr<GraphStore> graph;
  KvStore* kv = nullptr;  // owned by `graph`
};

/// Small write buffers, so that a short run sees tables, compactions and changes of the log.
inline RocksDbOptions SmallStore(std::shared_ptr<Environment> environment) {
  RocksDbOptions options;
  options.cache_bytes = 8 << 20;
  options.write_buffer_bytes = 64 << 10;
  options.environment = std::move(environment);
  return options;
}

inline Result<FaultyStore> OpenFaulty(const std::string& directory, std::shared_ptr<Environment> environment,
                                      bool sync = true,
                                      std::chrono::milliseconds csr_worth_saving = std::chrono::hours(1)) {
  TUPU_TRY_ASSIGN(auto kv, OpenRocksDbStore(directory, SmallStore(std::move(environment))));
  FaultyStore store;
  store.kv = kv.get();
  GraphStoreOptions options;
  options.sync = sync;
  options.csr_worth_saving = csr_worth_saving;
  TUPU_TRY_ASSIGN(store.graph, GraphStore::OpenOn(std::move(kv), options));
  return store;
}

/// The folder of an open store, as a process that is killed now would leave it: copied again while RocksDB makes or
/// deletes files meanwhile.
inline void CopyLiveFolder(const std::filesystem::path& from, const std::filesystem::path& to) {
  namespace fs = std::filesystem;
  const auto names = [&] {
    std::set<fs::path> found;
    for (const auto& file : fs::directory_iterator(from)) found.insert(file.path());
    return found;
  };
  for (int attempt = 0; attempt < 1000; ++attempt) {
    fs::remove_all(to);
    const std::set<fs::path> before = names();
    std::error_code failed;
    fs::copy(from, to, fs::copy_options::recursive, failed);
    if (!failed && names() == before) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ADD_FAILURE() << from << " does not come to rest";
}

/// As `tupu check` sees it. Errors: kInternal names the first damage.
inline Status CheckStore(KvStore& kv) {
  TUPU_TRY_ASSIGN(const CheckReport report, CheckGraph(kv, {}));
  if (report.clean()) return {};
  const Finding& first = report.findings.front();
  return Error{ErrorCode::kInternal, std::string(Name(first.damage)) + ", " + first.where + ": expected " +
                                         first.expected + ", found " + first.found};
}

}  // namespace tupu
