#pragma once

#include <string>

#include <tupu/result.h>

#include "engine/cli/command.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// The one vertex that a name on the command line stands for (ResolveName).
/// Errors: kNotFound, listing the candidates and what tells them apart, or the nearest names.
Result<VertexId> ResolveNameArgument(const CommandContext& context, const GraphView& view, const std::string& name);

}  // namespace tupu
