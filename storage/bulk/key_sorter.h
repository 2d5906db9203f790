#pragma once

#include <cstdint>
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
  /// All keys begin with `common_prefix`, which is not compared or stored. Keys occur once.
  KeySorter(SpillPool& pool, std::string common_prefix) : pool_(pool), prefix_(std::move(common_prefix)) {}

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

  /// All keys in order. Requires: every feed is finished. Errors: kIo, of the run.
  Status MergeInto(KvRun& run);
  bool empty() const { return runs_.empty(); }

 private:
  using Run = std::vector<SpilledPiece>;
  class RunReader;

  SpillPool& pool_;
  const std::string prefix_;
  std::mutex mutex_;
  std::vector<Run> runs_;
};

}  // namespace tupu
