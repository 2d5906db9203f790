#pragma once

#include <tupu/result.h>
#include <tupu/value.h>

#include "query/executor/execution_context.h"

namespace tupu {

/// Whether Materialize may change a value of that type.
inline bool MayHoldReference(ValueType type) {
  return type >= ValueType::kVertexReference || type == ValueType::kList || type == ValueType::kMap;
}

/// References become the entities they stand for, with names and properties, at any depth of lists and maps. An entity
/// that this statement deleted comes back with its id alone (an edge also with type and ends).
Result<Value> Materialize(const Value& value, const ExecutionContext& context);

}  // namespace tupu
