#pragma once

#include <string>
#include <string_view>
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

/// The name that `value` is: of a label, an edge type, a property key.
/// Errors: kInvalidArgument for null, an empty text, and what is no text.
Result<std::string> NameFrom(const Value& value, std::string_view what);

/// One item of SET or REMOVE.
struct SetPropertyItem {
  ExpressionPtr target;
  std::string key;
  ExpressionPtr computed_key;  // in place of `key`; may be null
  ExpressionPtr value;         // null: REMOVE
};
struct SetPropertiesItem {
  ExpressionPtr target;
  bool replace = false;
  ExpressionPtr value;
};
/// Labels that are written, and expressions that give a name or a list of names.
struct LabelNames {
  std::vector<std::string> names;
  std::vector<ExpressionPtr> computed;
};
struct LabelsItem {
  ExpressionPtr target;
  LabelNames labels;
  bool remove = false;
};
/// All of the names. Errors: as NameFrom.
Result<std::vector<std::string>> EvaluateLabels(const LabelNames& labels, const Row& row, ExecutionContext& context);

using SetItem = std::variant<SetPropertyItem, SetPropertiesItem, LabelsItem>;

/// Runs the items in order for one row. A null target is passed over.
/// Errors: those of the transaction; kInvalidArgument for a target that is no entity.
Status ApplySetItems(const std::vector<SetItem>& items, const Row& row, ExecutionContext& context);

}  // namespace tupu
