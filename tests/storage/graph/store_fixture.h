#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/kv_store.h"
#include "tests/storage/temporary_directory.h"

namespace tupu {

/// The value of a result that a test needs; fails the test with its message otherwise.
template <class T>
T Must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << Name(result.error().code) << ": " << result.error().message;
    std::abort();
  }
  return std::move(result).value();
}
inline void MustBeDone(const Status& status) {
  ASSERT_TRUE(status.has_value()) << Name(status.error().code) << ": " << status.error().message;
}

#define EXPECT_DONE(expression)                                      \
  do {                                                               \
    const auto& tupu_done = (expression);                            \
    EXPECT_TRUE(tupu_done.has_value()) << tupu_done.error().message; \
  } while (false)
#define EXPECT_CODE(expression, expected)                                                                \
  do {                                                                                                   \
    const auto& tupu_failed = (expression);                                                              \
    ASSERT_FALSE(tupu_failed.has_value());                                                               \
    EXPECT_EQ(Name(tupu_failed.error().code), Name(ErrorCode::expected)) << tupu_failed.error().message; \
  } while (false)

enum class Backend { kMemory, kRocksDb };

inline std::string BackendName(const testing::TestParamInfo<Backend>& info) {
  return info.param == Backend::kMemory ? "Memory" : "RocksDb";
}

#ifdef TUPU_WITH_ROCKSDB
inline const auto kBackends = testing::Values(Backend::kMemory, Backend::kRocksDb);
#else
inline const auto kBackends = testing::Values(Backend::kMemory);
#endif

/// A new graph store on the backend of the test's parameter.
class StoreTest : public testing::TestWithParam<Backend> {
 protected:
  StoreTest() { Open(); }

  /// Opens the database `name` of the test's folder (in memory: a new one).
  void Open(const std::string& name = "db") {
    store_.reset();
    GraphStoreOptions options;
    options.sync = false;
    options.cache_bytes = 8 << 20;
    store_ = GetParam() == Backend::kMemory ? Must(GraphStore::OpenInMemory())
                                            : Must(GraphStore::Open(directory_ / name, options));
  }

  std::unique_ptr<GraphTransaction> Begin() { return Must(store_->BeginWrite()); }
  std::shared_ptr<const GraphView> Snapshot() { return Must(store_->Snapshot()); }

  TemporaryDirectory directory_;
  std::unique_ptr<GraphStore> store_;
};

}  // namespace tupu
