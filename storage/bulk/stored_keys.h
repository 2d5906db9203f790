#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tupu/result.h>

#include "storage/kv/kv_store.h"

namespace tupu {

/// Looks ascending keys up among the stored ones: reads on where they lie close together, and seeks where they do not.
/// Threads: one at a time.
class StoredKeys {
 public:
  using Pair = std::pair<std::string, std::string>;

  /// `end`: of what is read, as KvSnapshot::Scan takes it. `kv` must outlive it.
  StoredKeys(const KvSnapshot& kv, Keyspace space, std::string end) : kv_(kv), space_(space), end_(std::move(end)) {}

  /// The first stored pair whose key begins with `prefix`, or null; good until the next call.
  /// Requires: above the prefix before. Errors: of the store.
  Result<const Pair*> Find(std::string_view prefix);

 private:
  static constexpr size_t kLeast = 4;
  static constexpr size_t kMost = 256;
  static constexpr size_t kMostBytes = 256 << 10;

  Status ReadFrom(std::string_view begin);

  const KvSnapshot& kv_;
  const Keyspace space_;
  const std::string end_;
  std::vector<Pair> read_;
  size_t at_ = 0;
  size_t limit_ = kLeast;
  size_t asked_ = 0;
  bool ended_ = false;
};

}  // namespace tupu
