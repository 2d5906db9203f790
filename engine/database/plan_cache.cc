#include "engine/database/plan_cache.h"

#include <utility>

namespace tupu {

namespace {

/// Whether a plan for `then` is still a plan for `now`. Small numbers change nothing.
bool IsAlike(uint64_t then, uint64_t now) {
  constexpr uint64_t kSmall = 1000;
  return now / 2 <= then + kSmall && then / 2 <= now + kSmall;
}

}  // namespace

std::shared_ptr<const CompiledQuery> PlanCache::Find(std::string_view text, const GraphView& view) {
  const SchemaToken schema = view.schema_token();
  const std::lock_guard lock(mutex_);
  const auto found = plans_.find(text);
  if (found == plans_.end()) return nullptr;
  const Entry& entry = *found->second;
  const bool valid = entry.schema == schema && IsAlike(entry.vertices, view.CountVertices(std::nullopt)) &&
                     IsAlike(entry.edges, view.CountEdges(std::nullopt));
  if (!valid) {
    const auto entry_at = found->second;
    plans_.erase(found);
    entries_.erase(entry_at);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return entry.query;
}

void PlanCache::Add(std::string_view text, const GraphView& view, std::shared_ptr<const CompiledQuery> query) {
  SchemaToken schema = view.schema_token();
  if (text.size() > kLongestText || schema.schema == nullptr) return;
  const uint64_t vertices = view.CountVertices(std::nullopt);
  const uint64_t edges = view.CountEdges(std::nullopt);
  const std::lock_guard lock(mutex_);
  if (const auto found = plans_.find(text); found != plans_.end()) {
    const auto entry_at = found->second;
    plans_.erase(found);
    entries_.erase(entry_at);
  }
  entries_.push_front({std::string(text), std::move(query), std::move(schema), vertices, edges});
  plans_.emplace(entries_.front().text, entries_.begin());
  if (entries_.size() <= kMostPlans) return;
  plans_.erase(entries_.back().text);
  entries_.pop_back();
}

}  // namespace tupu
