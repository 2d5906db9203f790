#include "tests/fault/history.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tupu {

namespace {

/// A directed graph; which node must come before which.
class Precedence {
 public:
  explicit Precedence(size_t nodes) : next_(nodes), before_(nodes, 0) {}

  void Add(size_t from, size_t to) {
    next_[from].push_back(to);
    ++before_[to];
  }

  /// Nodes of one cycle, if there is one.
  std::vector<size_t> FindCycle() const {
    std::vector<size_t> before = before_;
    std::vector<size_t> ready;
    for (size_t node = 0; node < before.size(); ++node) {
      if (before[node] == 0) ready.push_back(node);
    }
    size_t ordered = 0;
    while (!ready.empty()) {
      const size_t node = ready.back();
      ready.pop_back();
      ++ordered;
      for (const size_t to : next_[node]) {
        if (--before[to] == 0) ready.push_back(to);
      }
    }
    if (ordered == next_.size()) return {};
    return CycleAmong(before);
  }

 private:
  /// Every node with `left` predecessors has one of the same kind: walking backwards must come round.
  std::vector<size_t> CycleAmong(const std::vector<size_t>& left) const {
    std::vector<size_t> previous(next_.size(), SIZE_MAX);
    for (size_t node = 0; node < next_.size(); ++node) {
      if (left[node] == 0) continue;
      for (const size_t to : next_[node]) previous[to] = node;
    }
    size_t at = 0;
    while (left[at] == 0) ++at;
    for (size_t step = 0; step < next_.size(); ++step) at = previous[at];
    std::vector<size_t> cycle = {at};
    for (size_t node = previous[at]; node != at; node = previous[node]) cycle.push_back(node);
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  std::vector<std::vector<size_t>> next_;
  std::vector<size_t> before_;
};

class HistoryCheck {
 public:
  HistoryCheck(const std::vector<HistoryTransaction>& history, const FinalLists& final_lists, Isolation level)
      : history_(history),
        lists_(final_lists),
        snapshot_(level == Isolation::kSnapshot),
        order_(3 * history.size() + 1) {}

  std::optional<std::string> Run() {
    if (auto anomaly = CheckFinalLists()) return anomaly;
    for (size_t t = 0; t < history_.size(); ++t) {
      if (!history_[t].committed) continue;
      if (auto anomaly = AddReads(t)) return anomaly;
    }
    AddAppendOrder();
    AddRealTime();
    for (size_t t = 0; t < history_.size(); ++t) {
      if (snapshot_) order_.Add(Begin(t), Commit(t));
    }
    const std::vector<size_t> cycle = order_.FindCycle();
    if (cycle.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const size_t node : cycle) {
      if (node < 2 * history_.size()) names.push_back(Describe(node));
    }
    return fmt::format("a cycle: {}", fmt::join(names, " < "));
  }

 private:
  // Nodes: begin and commit of each transaction (one and the same if serializable), then the moments of the clock.
  size_t Begin(size_t t) const { return snapshot_ ? 2 * t : 2 * t + 1; }
  size_t Commit(size_t t) const { return 2 * t + 1; }
  size_t Moment(size_t rank) const { return 2 * history_.size() + rank; }

  std::string Describe(size_t node) const {
    const HistoryTransaction& t = history_[node / 2];
    return fmt::format("{} of T{} (read {}, appended {})", node % 2 == 0 ? "begin" : "commit", node / 2, t.reads,
                       t.appends);
  }

  std::optional<std::string> CheckFinalLists() {
    for (size_t t = 0; t < history_.size(); ++t) {
      for (const auto& [key, value] : history_[t].appends) appended_by_[value] = t;
    }
    for (const auto& [key, list] : lists_) {
      for (size_t i = 0; i < list.size(); ++i) {
        const auto by = appended_by_.find(list[i]);
        if (by == appended_by_.end()) return fmt::format("key {}: {} was never appended", key, list[i]);
        if (!history_[by->second].committed) return fmt::format("key {}: {} is of an aborted one", key, list[i]);
        if (!position_.try_emplace(list[i], i).second) return fmt::format("key {}: {} stands twice", key, list[i]);
      }
    }
    for (const auto& [value, t] : appended_by_) {
      if (history_[t].committed && !position_.contains(value)) return fmt::format("{} of T{} is lost", value, t);
    }
    return std::nullopt;
  }

  /// wr from the writer of the last value seen, rw to the writer of the first not seen.
  std::optional<std::string> AddReads(size_t t) {
    for (const auto& [key, seen] : history_[t].reads) {
      const auto found = lists_.find(key);
      const std::vector<int64_t> none;
      const std::vector<int64_t>& list = found == lists_.end() ? none : found->second;
      if (seen.size() > list.size() || !std::equal(seen.begin(), seen.end(), list.begin())) {
        return fmt::format("T{} read {} of key {}, which is no beginning of {}", t, seen, key, list);
      }
      if (!seen.empty()) Depend(appended_by_[seen.back()], t);
      if (seen.size() < list.size()) {
        const size_t writer = appended_by_[list[seen.size()]];
        if (writer != t) order_.Add(Begin(t), Commit(writer));
      }
    }
    return std::nullopt;
  }

  void AddAppendOrder() {
    for (const auto& [key, list] : lists_) {
      for (size_t i = 1; i < list.size(); ++i) Depend(appended_by_[list[i - 1]], appended_by_[list[i]]);
    }
  }

  void Depend(size_t from, size_t to) {
    if (from != to) order_.Add(Commit(from), Begin(to));
  }

  /// A chain of moments, so that the number of edges stays linear.
  void AddRealTime() {
    std::vector<uint64_t> ends;
    for (const HistoryTransaction& t : history_) {
      if (t.committed) ends.push_back(t.ended);
    }
    std::sort(ends.begin(), ends.end());
    for (size_t rank = 1; rank < ends.size(); ++rank) order_.Add(Moment(rank - 1), Moment(rank));
    for (size_t t = 0; t < history_.size(); ++t) {
      if (!history_[t].committed) continue;
      const auto own = std::lower_bound(ends.begin(), ends.end(), history_[t].ended);
      order_.Add(Commit(t), Moment(static_cast<size_t>(own - ends.begin())));
      const auto later = std::lower_bound(ends.begin(), ends.end(), history_[t].begun);
      if (later != ends.begin()) order_.Add(Moment(static_cast<size_t>(later - ends.begin()) - 1), Begin(t));
    }
  }

  const std::vector<HistoryTransaction>& history_;
  const FinalLists& lists_;
  const bool snapshot_;
  Precedence order_;
  std::map<int64_t, size_t> appended_by_;
  std::map<int64_t, size_t> position_;
};

}  // namespace

std::optional<std::string> FindAnomaly(const std::vector<HistoryTransaction>& history, const FinalLists& final_lists,
                                       Isolation level) {
  return HistoryCheck(history, final_lists, level).Run();
}

}  // namespace tupu
