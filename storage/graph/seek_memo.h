#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/kv/kv_store.h"

namespace tupu {

/// Answers of seeks for one value in the index keyspace (a name, the value of a property index), so that who asks again pays
/// no walk through tables: 0.1 in place of some 4 us.
///
///     Restart -> (Apply -> the commit is published) ...
///
/// Valid    an answer read at commit T holds at every commit between which and T no key of its bucket changed; buckets are
///          shared by hash, which costs an answer now and then and never makes one wrong.
/// Memory   kPlaces answers at most, short ones only: 8 MiB at most, 2 in practice.
/// Threads  one that calls Restart and Apply; Find and Add from any thread.
class SeekMemo {
 public:
  /// Forgets everything: the state is that of `commit`, reached in a way that no Apply described.
  void Restart(uint64_t commit);
  /// What `commit` writes, before anyone can see it.
  void Apply(uint64_t commit, std::span<const KvWrite> writes);

  /// The ids whose keys begin with `prefix` (all of the key but its last 8 bytes) at `commit`. False: not known.
  bool Find(std::string_view prefix, uint64_t commit, std::vector<uint64_t>& ids) const;
  void Add(std::string_view prefix, uint64_t commit, std::span<const uint64_t> ids);

 private:
  static constexpr size_t kPlaces = 1 << 14;
  static constexpr size_t kWays = 2;  // places that a prefix may be in
  static constexpr size_t kBuckets = 1 << 16;
  static constexpr size_t kLocks = 64;
  static constexpr size_t kLongestPrefix = 256;
  static constexpr size_t kMostIds = 16;

  struct Answer {
    uint64_t hash = 0;
    uint64_t commit = 0;
    std::string prefix;  // empty: none
    std::vector<uint64_t> ids;
  };

  bool Holds(const Answer& answer, uint64_t hash, std::string_view prefix, uint64_t commit) const;

  std::vector<Answer> answers_ = std::vector<Answer>(kPlaces);
  mutable std::array<std::mutex, kLocks> locks_;  // answers_[i], answers_[i + 1] ... of one set belong to one of them
  std::vector<std::atomic<uint64_t>> changed_ = std::vector<std::atomic<uint64_t>>(kBuckets);  // last commit, by bucket
  std::atomic<uint64_t> since_ = 0;  // answers and readers before it are not served
};

}  // namespace tupu
