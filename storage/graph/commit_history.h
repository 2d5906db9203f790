#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

#include "storage/keys/key_codec.h"

namespace tupu {

/// What two transactions can collide on.
enum class ItemKind : uint8_t {
  kVertex,       // its record
  kVertexShape,  // that it is there, with these labels
  kEdge,         // its record, or that it is there
  kKey,          // an external id or a declared key
  kAdjacency,    // the edges of a vertex
  kMembers,      // the vertices with a label; kAllVertices: all of them
  kEdgesOfType,  // kAnyType: all edges
};
inline constexpr uint64_t kAnyType = UINT32_MAX;

/// One of these things in 8 bytes. Exact for entities; texts are hashed, and two that meet by chance cost a retry.
using ConflictItem = uint64_t;
ConflictItem ItemOf(ItemKind kind, uint64_t id);
ConflictItem ItemOf(ItemKind kind, std::string_view text);

/// What a transaction that is about to commit brings to the comparison with others.
struct Footprint {
  std::vector<ConflictItem> writes;  // no two transactions that ran at once may share one
  std::vector<ConflictItem> needs;   // must not be written by another; several may need the same
  bool changes_schema = false;       // collides with every commit
};

/// What a serializable transaction has read, itself included where it read nothing. Threads: one.
class ReadSet {
 public:
  void AddItem(ItemKind kind, uint64_t id) { items_.insert(ItemOf(kind, id)); }
  /// Keys of keyspace kIndex that it looked for, those that were not there included.
  void AddKeys(KeyRange keys) { keys_.push_back(std::move(keys)); }

  const std::unordered_set<ConflictItem>& items() const { return items_; }
  const std::vector<KeyRange>& keys() const { return keys_; }

 private:
  std::unordered_set<ConflictItem> items_;
  std::vector<KeyRange> keys_;
};

/// What a commit changed, as far as a reader's answer may rest on it.
struct Touches {
  std::vector<ConflictItem> items;
  std::vector<std::string> keys;  // of keyspace kIndex
};

/// The commits that a running transaction does not see, for the check at its own commit.
///
/// Snapshot isolation: the first of two writers of one thing wins (Berenson et al. 1995, "A critique of ANSI SQL
/// isolation levels"). Serializable: also nothing that was read has been changed since (backward validation, Kung and
/// Robinson 1981, "On optimistic methods for concurrency control"), ranges of keys included, so there are no phantoms.
/// The serial order is the order of the commits.
///
/// Cost: one hash look-up an item. Threads: one at a time.
class CommitHistory {
 public:
  /// kConflict if a commit after `base` collides. `reads` null: snapshot isolation.
  Status Check(uint64_t base, uint64_t latest, const Footprint& footprint, const ReadSet* reads) const;

  void Add(uint64_t commit, const Footprint& footprint);
  void Add(uint64_t commit, const Touches& touches);

  /// No transaction with a base below `commit` is left.
  void ForgetUpTo(uint64_t commit);

 private:
  enum class Table : uint8_t { kWritten, kNeeded, kTouched };
  using LastCommit = std::unordered_map<ConflictItem, uint64_t>;
  struct Entry {
    uint64_t commit;
    Table table;
    ConflictItem item;
  };

  LastCommit& TableOf(Table table);
  void Note(Table table, uint64_t commit, ConflictItem item);
  void Shrink();

  LastCommit written_;
  LastCommit needed_;
  LastCommit touched_;
  std::map<std::string, uint64_t, std::less<>> touched_keys_;
  std::deque<Entry> entries_;  // in order of commits
  std::deque<std::pair<uint64_t, std::string>> key_entries_;
  uint64_t schema_commit_ = 0;  // the last that changed the schema
  uint64_t floor_ = 0;          // commits up to here were forgotten for want of room
};

}  // namespace tupu
