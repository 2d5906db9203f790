#pragma once

#include <vector>

#include <tupu/database.h>

#include "engine/cli/arguments.h"

namespace tupu {

/// --param, --read-only, --import-dir, --memory: of commands that run statements.
std::vector<OptionSpec> StatementOptions();

/// What they say; the deadline of --timeout is in the context's token. Errors: usage.
Result<QueryOptions> ReadQueryOptions(const Arguments& arguments);

/// Reads `NAME=JSON` into `parameters`. Errors: usage.
Status AddParameter(std::string_view assignment, Map& parameters);

}  // namespace tupu
