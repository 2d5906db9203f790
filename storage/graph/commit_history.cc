#include "storage/graph/commit_history.h"

#include <functional>

#include <fmt/format.h>

namespace tupu {

namespace {

constexpr int kKindBits = 8;

/// Items kept at most; some 100 bytes each with their tables. A transaction that is older than what is kept is refused.
constexpr size_t kMaxEntries = 4 << 20;

std::string Describe(ConflictItem item) {
  const uint64_t id = item >> kKindBits;
  switch (static_cast<ItemKind>(item & 0xff)) {
    case ItemKind::kVertex: return fmt::format("vertex {}", id);
    case ItemKind::kVertexShape: return fmt::format("the labels or the existence of vertex {}", id);
    case ItemKind::kEdge: return fmt::format("edge {}", id);
    case ItemKind::kKey: return "a key that this one claims, too";
    case ItemKind::kAdjacency: return fmt::format("the edges of vertex {}", id);
    case ItemKind::kMembers: return "the vertices of a label that was read";
    case ItemKind::kEdgesOfType: return "the edges of a type that was read";
  }
  return "the same data";
}

Error Conflict(const std::string& what) {
  return Error{ErrorCode::kConflict,
               fmt::format("another transaction has changed {} meanwhile; run this one again", what), std::nullopt,
               "Transaction.Outdated", "nothing of this transaction was kept; a second run sees the change"};
}

}  // namespace

ConflictItem ItemOf(ItemKind kind, uint64_t id) {
  return id << kKindBits | static_cast<uint64_t>(kind);
}

ConflictItem ItemOf(ItemKind kind, std::string_view text) {
  return ItemOf(kind, static_cast<uint64_t>(std::hash<std::string_view>()(text)));
}

Status CommitHistory::Check(uint64_t base, uint64_t latest, const Footprint& footprint, const ReadSet* reads) const {
  if (base < floor_) {
    return Error{ErrorCode::kConflict,
                 "the transaction has been open for longer than other commits can be remembered; run it again",
                 std::nullopt, "Transaction.Outdated"};
  }
  if (schema_commit_ > base) return Conflict("the schema");
  if (footprint.changes_schema && latest > base) return Conflict("the data under the new schema");
  const auto newer = [&](const LastCommit& table, ConflictItem item) {
    const auto found = table.find(item);
    return found != table.end() && found->second > base;
  };
  for (const ConflictItem item : footprint.writes) {
    if (newer(written_, item) || newer(needed_, item)) return Conflict(Describe(item));
  }
  for (const ConflictItem item : footprint.needs) {
    if (newer(written_, item)) return Conflict(Describe(item));
  }
  if (reads == nullptr) return {};
  for (const ConflictItem item : reads->items()) {
    if (newer(written_, item) || newer(touched_, item)) return Conflict(Describe(item));
  }
  for (const KeyRange& range : reads->keys()) {
    for (auto at = touched_keys_.lower_bound(range.begin);
         at != touched_keys_.end() && (range.end.empty() || at->first < range.end); ++at) {
      if (at->second > base) return Conflict("a name, an id or a value that was looked up");
    }
  }
  return {};
}

CommitHistory::LastCommit& CommitHistory::TableOf(Table table) {
  return table == Table::kWritten ? written_ : table == Table::kNeeded ? needed_ : touched_;
}

void CommitHistory::Note(Table table, uint64_t commit, ConflictItem item) {
  TableOf(table)[item] = commit;
  entries_.push_back({commit, table, item});
}

void CommitHistory::Add(uint64_t commit, const Footprint& footprint) {
  for (const ConflictItem item : footprint.writes) Note(Table::kWritten, commit, item);
  for (const ConflictItem item : footprint.needs) Note(Table::kNeeded, commit, item);
  if (footprint.changes_schema) schema_commit_ = commit;
  Shrink();
}

void CommitHistory::Add(uint64_t commit, const Touches& touches) {
  for (const ConflictItem item : touches.items) Note(Table::kTouched, commit, item);
  for (const std::string& key : touches.keys) {
    touched_keys_[key] = commit;
    key_entries_.emplace_back(commit, key);
  }
  Shrink();
}

void CommitHistory::ForgetUpTo(uint64_t commit) {
  for (; !entries_.empty() && entries_.front().commit <= commit; entries_.pop_front()) {
    LastCommit& table = TableOf(entries_.front().table);
    const auto found = table.find(entries_.front().item);
    if (found != table.end() && found->second <= commit) table.erase(found);
  }
  for (; !key_entries_.empty() && key_entries_.front().first <= commit; key_entries_.pop_front()) {
    const auto found = touched_keys_.find(key_entries_.front().second);
    if (found != touched_keys_.end() && found->second <= commit) touched_keys_.erase(found);
  }
}

void CommitHistory::Shrink() {
  while (entries_.size() + key_entries_.size() > kMaxEntries) {
    const uint64_t oldest = entries_.empty()       ? key_entries_.front().first
                            : key_entries_.empty() ? entries_.front().commit
                                                   : std::min(entries_.front().commit, key_entries_.front().first);
    floor_ = std::max(floor_, oldest);
    ForgetUpTo(oldest);
  }
}

}  // namespace tupu
