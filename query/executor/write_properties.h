#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/executor/execution_context.h"
#include "query/executor/expression.h"
#include "storage/graph/graph_store.h"

namespace tupu {

/// `{key: value, ...}` or `$map` of an element that is created.
struct PropertyWrites {
  std::vector<std::pair<std::string, ExpressionPtr>> entries;
  ExpressionPtr map;  // in place of entries; may be null
};

/// Errors: kInvalidArgument for a value that cannot be stored (a map, an entity, a list that is not of one plain type).
Status CheckStorable(const std::string& key, const Value& value);

/// The evaluated properties; nulls are left out. `reject_null`: MERGE cannot match on null.
Result<Properties> EvaluateProperties(const PropertyWrites& writes, const Row& row, ExecutionContext& context,
                                      bool reject_null = false);

/// One item of SET or REMOVE.
struct SetPropertyItem {
  ExpressionPtr target;
  std::string key;
  ExpressionPtr value;  // null: REMOVE
};
struct SetPropertiesItem {
  ExpressionPtr target;
  bool replace = false;
  ExpressionPtr value;
};
struct LabelsItem {
  ExpressionPtr target;
  std::vector<std::string> labels;
  bool remove = false;
};
using SetItem = std::variant<SetPropertyItem, SetPropertiesItem, LabelsItem>;

/// Runs the items in order for one row. A null target is passed over.
/// Errors: those of the transaction; kInvalidArgument for a target that is no entity.
Status ApplySetItems(const std::vector<SetItem>& items, const Row& row, ExecutionContext& context);

}  // namespace tupu
