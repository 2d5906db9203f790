#include "storage/catalog/graph_statistics.h"

#include <algorithm>

namespace tupu {

double IndexStatistics::EstimateRange(std::string_view begin, std::string_view end) const {
  if (bounds.empty()) return static_cast<double>(entries);
  const auto first = std::lower_bound(bounds.begin(), bounds.end(), begin);
  const auto last = end.empty() ? bounds.end() : std::lower_bound(first, bounds.end(), end);
  const double depth = static_cast<double>(entries) / static_cast<double>(bounds.size());
  const auto inside = static_cast<double>(last - first);
  // The buckets that begin inside reach beyond the range on one side, and one that begins before it reaches into it.
  return std::clamp((inside == 0 ? 0.5 : inside) * depth, std::min(1.0, depth), static_cast<double>(entries));
}

double IndexStatistics::EstimateEqual(size_t properties) const {
  if (entries == 0 || distinct.empty() || properties == 0) return static_cast<double>(entries);
  const uint64_t groups = std::max<uint64_t>(1, distinct[std::min(properties, distinct.size()) - 1]);
  return static_cast<double>(entries) / static_cast<double>(groups);
}

std::optional<uint64_t> GraphStatistics::EdgesAt(LabelId label, EdgeTypeId type, bool leaving) const {
  if (commit == 0) return std::nullopt;
  const auto found = triples.find(leaving ? LabelTriple{label, type, kAnyLabel} : LabelTriple{kAnyLabel, type, label});
  return found == triples.end() ? 0 : found->second;
}

IndexStatisticsBuilder::IndexStatisticsBuilder(size_t num_properties, uint64_t entries)
    : step_(std::max<uint64_t>(1, entries / IndexStatistics::kBuckets)) {
  statistics_.distinct.assign(num_properties, 0);
}

void IndexStatisticsBuilder::Add(std::string_view values, const std::vector<size_t>& ends) {
  // The first property that differs from the entry before makes a new group of it and of all longer beginnings.
  const bool first = statistics_.entries == 0;
  for (size_t i = 0; i < ends.size(); ++i) {
    if (!first && last_.size() >= ends[i] && std::string_view(last_).substr(0, ends[i]) == values.substr(0, ends[i]))
      continue;
    for (size_t k = i; k < ends.size(); ++k) ++statistics_.distinct[k];
    break;
  }
  if (statistics_.entries % step_ == 0 && statistics_.bounds.size() < 2 * IndexStatistics::kBuckets)
    statistics_.bounds.emplace_back(values);
  ++statistics_.entries;
  last_.assign(values);
}

IndexStatistics IndexStatisticsBuilder::Finish() && {
  return std::move(statistics_);
}

}  // namespace tupu
