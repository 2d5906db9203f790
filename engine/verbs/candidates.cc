#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/verbs/entity.h"
#include "engine/verbs/find.h"

namespace tupu {

namespace {

constexpr size_t kMostDifferences = 3;

bool IsShort(const Value& value) {
  switch (value.type()) {
    case ValueType::kString: return value.AsString().size() <= 60;
    case ValueType::kBoolean:
    case ValueType::kInteger:
    case ValueType::kFloat:
    case ValueType::kDate: return true;
    default: return false;
  }
}

// Keys whose short values are not the same in all candidates.
std::set<std::string> DifferingKeys(const std::vector<Candidate>& candidates) {
  std::set<std::string> keys;
  for (const Candidate& candidate : candidates) {
    for (const auto& [key, value] : candidate.vertex.properties) {
      const bool same = std::all_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
        const auto found = other.vertex.properties.find(key);
        return found != other.vertex.properties.end() && found->second == value;
      });
      if (!same && IsShort(value)) keys.insert(key);
    }
  }
  return keys;
}

}  // namespace

Result<std::vector<Candidate>> DescribeCandidates(const GraphView& view, const std::vector<VertexId>& hits) {
  std::vector<Candidate> candidates;
  for (const VertexId hit : hits) {
    Candidate candidate;
    TUPU_TRY_ASSIGN(candidate.vertex, ReadVertex(view, hit));
    TUPU_TRY_ASSIGN(candidate.degree, view.Degree(hit, Direction::kBoth, {}));
    candidates.push_back(std::move(candidate));
  }
  const std::set<std::string> keys = DifferingKeys(candidates);
  for (Candidate& candidate : candidates) {
    for (const std::string& key : keys) {
      const auto found = candidate.vertex.properties.find(key);
      if (found == candidate.vertex.properties.end() || candidate.differences.size() == kMostDifferences) continue;
      const Value& value = found->second;
      candidate.differences.push_back(
          fmt::format("{}: {}", key, value.type() == ValueType::kString ? value.AsString() : value.ToString()));
    }
  }
  return candidates;
}

}  // namespace tupu
