#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "query/query.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// Plans by the text that they are of, so that a statement that comes again is neither parsed nor planned again.
///
/// Valid    while indexes, constraints, statistics and ontology are those that the plan was made by, and the graph has no more
///          than twice, nor less than half, the vertices and edges that it had then.
/// Memory   kMostPlans plans, of texts of kLongestText at most; the one not asked for longest goes.
/// Threads  safe.
class PlanCache {
 public:
  /// Null: there is none for this state of the graph.
  std::shared_ptr<const CompiledQuery> Find(std::string_view text, const GraphView& view);
  void Add(std::string_view text, const GraphView& view, std::shared_ptr<const CompiledQuery> query);

  size_t size() const {
    const std::lock_guard lock(mutex_);
    return plans_.size();
  }

 private:
  static constexpr size_t kMostPlans = 1000;
  static constexpr size_t kLongestText = 1 << 14;

  struct Entry {
    std::string text;
    std::shared_ptr<const CompiledQuery> query;
    SchemaToken schema;
    uint64_t vertices = 0;
    uint64_t edges = 0;
  };
  using Entries = std::list<Entry>;

  mutable std::mutex mutex_;
  Entries entries_;  // the one asked for last first
  std::unordered_map<std::string_view, Entries::iterator> plans_;
};

}  // namespace tupu
