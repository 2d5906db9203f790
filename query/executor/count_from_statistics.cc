#include "query/executor/count_from_statistics.h"

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

uint64_t CountOf(const CountSource& source, const GraphView& view) {
  if (!source.name) return source.edges ? view.CountEdges(std::nullopt) : view.CountVertices(std::nullopt);
  if (source.edges) {
    const std::optional<EdgeTypeId> type = view.catalog().edge_types().Find(*source.name);
    return type ? view.CountEdges(*type) : 0;
  }
  const std::optional<LabelId> label = view.catalog().labels().Find(*source.name);
  return label ? view.CountVertices(*label) : 0;
}

}  // namespace

Status CountFromStatisticsOperator::OpenSelf() {
  given_ = false;
  return {};
}

Status CountFromStatisticsOperator::NextBatch(Batch& out) {
  if (given_) return {};
  given_ = true;
  out.columns[source_.slot].AppendInteger(static_cast<int64_t>(CountOf(source_, context().view)));
  out.size = 1;
  return {};
}

}  // namespace tupu
