#include "query/executor/write_properties.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/functions/function_registry.h"
#include "storage/base/storable.h"

namespace tupu {

namespace {

Error TypeError(std::string message, const char* detail) {
  Error error{ErrorCode::kInvalidArgument, std::move(message)};
  error.condition = fmt::format("TypeError.{}", detail);
  return error;
}

}  // namespace

Status CheckStorable(const std::string& key, const Value& value) {
  if (value.is_null() || IsStorable(value)) return {};
  const bool list = value.type() == ValueType::kList;
  Error error = TypeError(fmt::format("property `{}` cannot hold a {}{}", key, Name(value.type()),
                                      list ? " with nulls, lists, maps or entities in it" : ""),
                          "InvalidPropertyType");
  error.hint = "A property is a plain or temporal value, or a list of such.";
  return error;
}

namespace {

Result<Map> EvaluateMap(const PropertyWrites& writes, const Row& row, ExecutionContext& context) {
  Map map;
  if (writes.map) {
    TUPU_TRY_ASSIGN(const Value value, writes.map->Evaluate(row, context));
    if (value.is_null()) return map;
    if (value.type() != ValueType::kMap)
      return TypeError(fmt::format("properties must be a map, but here they are a {}", Name(value.type())),
                       "InvalidArgumentType");
    return value.AsMap();
  }
  for (const auto& [key, expression] : writes.entries) {
    TUPU_TRY_ASSIGN(Value value, expression->Evaluate(row, context));
    map.insert_or_assign(key, std::move(value));
  }
  return map;
}

}  // namespace

Result<Properties> EvaluateProperties(const PropertyWrites& writes, const Row& row, ExecutionContext& context,
                                      bool reject_null) {
  TUPU_TRY_ASSIGN(const Map map, EvaluateMap(writes, row, context));
  Properties properties;
  for (const auto& [key, value] : map) {
    if (value.is_null() && reject_null) {
      Error error{ErrorCode::kInvalidArgument, fmt::format("MERGE cannot match property `{}` with null", key)};
      error.condition = "SemanticError.MergeReadOwnWrites";
      return error;
    }
    if (value.is_null()) continue;
    TUPU_TRY(CheckStorable(key, value));
    properties.emplace_back(context.transaction->InternPropertyKey(key), value);
  }
  std::sort(properties.begin(), properties.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return properties;
}

namespace {

Error Deleted(const char* what) {
  Error error{ErrorCode::kNotFound, fmt::format("the {} was deleted by this statement", what)};
  error.condition = "EntityNotFound.DeletedEntityAccess";
  return error;
}

/// False: the target is null, nothing is to be done.
Result<bool> CheckTarget(const Value& target, const ExecutionContext& context) {
  if (target.is_null()) return false;
  if (target.type() == ValueType::kVertexReference) {
    if (context.IsDeleted(target.AsVertexReference())) return Deleted("vertex");
    return true;
  }
  if (target.type() == ValueType::kEdgeReference) {
    if (context.IsDeleted(target.AsEdgeReference().id)) return Deleted("edge");
    return true;
  }
  return TypeError(fmt::format("SET and REMOVE take a vertex or an edge, but here it is a {}", Name(target.type())),
                   "InvalidArgumentType");
}

Status SetOne(const Value& target, const std::string& key, const Value& value, ExecutionContext& context) {
  TUPU_TRY(CheckStorable(key, value));
  GraphTransaction& transaction = *context.transaction;
  const PropertyKeyId id = transaction.InternPropertyKey(key);
  if (target.type() == ValueType::kVertexReference)
    return transaction.SetVertexProperty(target.AsVertexReference(), id, value);
  return transaction.SetEdgeProperty(target.AsEdgeReference(), id, value);
}

}  // namespace

Result<std::string> NameFrom(const Value& value, std::string_view what) {
  if (value.type() == ValueType::kString && !value.AsString().empty()) return value.AsString();
  Error error =
      TypeError(fmt::format("{} is a text of one character at least, but here it is {}", what,
                            value.type() == ValueType::kString ? "empty" : fmt::format("a {}", Name(value.type()))),
                "InvalidArgumentType");
  if (value.is_null()) error.hint = "Give a name, or leave such rows out.";
  return error;
}

Result<std::vector<std::string>> EvaluateLabels(const LabelNames& labels, const Row& row, ExecutionContext& context) {
  std::vector<std::string> names = labels.names;
  for (const ExpressionPtr& expression : labels.computed) {
    TUPU_TRY_ASSIGN(const Value value, expression->Evaluate(row, context));
    if (value.type() == ValueType::kList) {
      for (const Value& each : value.AsList()) {
        TUPU_TRY_ASSIGN(std::string name, NameFrom(each, "a label"));
        names.push_back(std::move(name));
      }
    } else {
      TUPU_TRY_ASSIGN(std::string name, NameFrom(value, "a label"));
      names.push_back(std::move(name));
    }
  }
  return names;
}

namespace {

Status Apply(const SetPropertyItem& item, const Row& row, ExecutionContext& context) {
  TUPU_TRY_ASSIGN(const Value target, item.target->Evaluate(row, context));
  TUPU_TRY_ASSIGN(const bool present, CheckTarget(target, context));
  if (!present) return {};
  Value value;
  if (item.value) {
    TUPU_TRY_ASSIGN(value, item.value->Evaluate(row, context));
  }
  if (!item.computed_key) return SetOne(target, item.key, value, context);
  TUPU_TRY_ASSIGN(const Value computed, item.computed_key->Evaluate(row, context));
  TUPU_TRY_ASSIGN(const std::string key, NameFrom(computed, "a property key"));
  return SetOne(target, key, value, context);
}

Status Apply(const SetPropertiesItem& item, const Row& row, ExecutionContext& context) {
  TUPU_TRY_ASSIGN(const Value target, item.target->Evaluate(row, context));
  TUPU_TRY_ASSIGN(const bool present, CheckTarget(target, context));
  if (!present) return {};
  TUPU_TRY_ASSIGN(const Value source, item.value->Evaluate(row, context));
  TUPU_TRY_ASSIGN(const Value wanted, PropertiesOf(source, context.view));
  static const Map kNone;
  const Map& map = wanted.type() == ValueType::kMap ? wanted.AsMap() : kNone;
  if (item.replace) {
    TUPU_TRY_ASSIGN(const Value current, PropertiesOf(target, context.view));
    for (const auto& [key, value] : current.AsMap())
      if (!map.contains(key)) TUPU_TRY(SetOne(target, key, Value(), context));
  }
  for (const auto& [key, value] : map) TUPU_TRY(SetOne(target, key, value, context));
  return {};
}

Status Apply(const LabelsItem& item, const Row& row, ExecutionContext& context) {
  TUPU_TRY_ASSIGN(const Value target, item.target->Evaluate(row, context));
  TUPU_TRY_ASSIGN(const bool present, CheckTarget(target, context));
  if (!present) return {};
  if (target.type() != ValueType::kVertexReference)
    return TypeError("only a vertex has labels that can be set", "InvalidArgumentType");
  TUPU_TRY_ASSIGN(const std::vector<std::string> names, EvaluateLabels(item.labels, row, context));
  for (const std::string& name : names) {
    const LabelId label = context.transaction->InternLabel(name);
    if (item.remove) {
      TUPU_TRY(context.transaction->RemoveLabel(target.AsVertexReference(), label));
    } else {
      TUPU_TRY(context.transaction->AddLabel(target.AsVertexReference(), label));
    }
  }
  return {};
}

}  // namespace

Status ApplySetItems(const std::vector<SetItem>& items, const Row& row, ExecutionContext& context) {
  for (const SetItem& item : items)
    TUPU_TRY(std::visit([&](const auto& each) { return Apply(each, row, context); }, item));
  return {};
}

}  // namespace tupu
