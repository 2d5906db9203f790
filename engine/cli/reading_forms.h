#pragma once

#include <vector>

#include <tupu/row.h>

#include "engine/cli/language.h"
#include "storage/graph/graph_store.h"

namespace tupu {

/// Lines of `tupu stats` that say from what `view` reads now: for edges by type and direction, and for properties that have
/// a column with the bytes it takes. Each is what, name (or null), count.
std::vector<Row> DescribeReadingForms(const GraphView& view, const GraphStoreStats& stats, Language language);

/// One such line.
Row StatsLine(std::string_view what, std::string_view name, uint64_t count);

}  // namespace tupu
