#pragma once

#include <tupu/result.h>

#include "loaders/load_context.h"

namespace tupu {

/// Gives every row of a CSV file with a neo4j-admin header to the mergers. Errors: loaders/load.h.
Status LoadCsvFile(const PlannedFile& file, LoadContext& context);

}  // namespace tupu
