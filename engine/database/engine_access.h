#pragma once

#include <tupu/database.h>

namespace tupu {

class ProcedureRegistry;

/// What the engine's own commands and verbs need beneath the public facade.
class EngineAccess {
 public:
  static GraphStore& Store(Database& database);
  static const ProcedureRegistry& Procedures(const Database& database);
};

}  // namespace tupu
