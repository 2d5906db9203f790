#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/bulk/spill_pool.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// External merge sort of index keys: runs are sorted in memory by the threads that fill them, kept by a SpillPool, and
/// merged into one stream.
class KeySorter {
 public:
  static constexpr size_t kRunBytes = 16 << 20;

  /// All keys begin with `common_prefix`, which is not compared or stored. Keys occur once. `run_bytes`: what a thread
  /// gathers before it sorts; less where there are many sorters.
  KeySorter(SpillPool& pool, std::string common_prefix, size_t run_bytes = kRunBytes)
      : pool_(pool), prefix_(std::move(common_prefix)), run_bytes_(run_bytes) {}

  /// The keys of one thread.
  class Feed {
   public:
    explicit Feed(KeySorter& sorter) : sorter_(sorter) {}
    /// `key` without the common prefix. Errors: kIo.
    Status Add(std::string_view key, std::string_view value);
    /// Requires: before MergeInto.
    Status Finish() { return SortRun(); }

   private:
    struct Entry {
      uint64_t head;  // the first 8 bytes of the key, as a number
      uint32_t offset;
    };
    Status SortRun();

    KeySorter& sorter_;
    std::string bytes_;  // size of the key u32, of the value u32, both
    std::vector<Entry> entries_;
  };

  using Emit = std::function<Status(std::string_view key, std::string_view value)>;
  /// Gives `emit` all keys in order, whole. Requires: every feed is finished; once. Errors: kIo, of `emit`.
  Status Merge(const Emit& emit);
  Status MergeInto(KvRun& run) {
    return Merge([&](std::string_view key, std::string_view value) { return run.Put(key, value); });
  }

 private:
  using Run = std::vector<SpilledPiece>;
  class RunReader;

  SpillPool& pool_;
  const std::string prefix_;
  const size_t run_bytes_;
  std::mutex mutex_;
  std::vector<Run> runs_;
};

}  // namespace tupu
