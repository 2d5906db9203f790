#pragma once

#include <tupu/result.h>

#include "engine/cli/answer.h"
#include "engine/cli/language.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// What `tupu stats` and `:stats` print: counts, forms in which `view` reads edges and properties now, bytes. `view` is of
/// `store`. Errors: those of reading the store's files.
Result<Answer> DescribeStats(const GraphStore& store, const GraphView& view, Language language);

}  // namespace tupu
