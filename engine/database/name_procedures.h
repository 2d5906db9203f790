#pragma once

namespace tupu {

class ProcedureRegistry;

/// Registers `tupu.find(name) YIELD node`: entry into the graph by any of an entity's names, through the name index.
void RegisterNameProcedures(ProcedureRegistry& registry);

}  // namespace tupu
