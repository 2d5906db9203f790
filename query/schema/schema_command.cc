#include "query/schema/schema_command.h"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/base/similar.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

Error BindError(const SourceSpan& where, std::string_view condition, std::string message, std::string hint = {}) {
  return {ErrorCode::kBind, std::move(message), where, fmt::format("SyntaxError.{}", condition), std::move(hint)};
}

ConstraintKind KindOf(AstConstraintKind kind) {
  switch (kind) {
    case AstConstraintKind::kUnique: return ConstraintKind::kUnique;
    case AstConstraintKind::kNotNull: return ConstraintKind::kExists;
    case AstConstraintKind::kTyped: return ConstraintKind::kType;
    case AstConstraintKind::kKey: return ConstraintKind::kKey;
  }
  return ConstraintKind::kUnique;
}

std::string_view TextOf(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::kUnique: return "UNIQUE";
    case ConstraintKind::kExists: return "NOT NULL";
    case ConstraintKind::kType: return "::";
    case ConstraintKind::kKey: return "KEY";
  }
  return "";
}

Status CheckRequirement(const AstSchemaCommand& command) {
  if (command.says_edges && *command.says_edges != command.on_edges) {
    return BindError(command.kind_where, "InvalidConstraint",
                     command.on_edges ? "the pattern is one of relationships, the constraint one of nodes"
                                      : "the pattern is one of nodes, the constraint one of relationships",
                     command.on_edges ? "Write IS RELATIONSHIP KEY." : "Write IS NODE KEY.");
  }
  const bool one = command.constraint == AstConstraintKind::kNotNull || command.constraint == AstConstraintKind::kTyped;
  if (one && command.properties.size() != 1) {
    return BindError(command.kind_where, "InvalidConstraint", "this constraint takes one property",
                     "Create one for each property.");
  }
  return {};
}

}  // namespace

Result<SchemaCommand> BindSchemaCommand(const AstSchemaCommand& command) {
  SchemaCommand bound;
  bound.where = command.where;
  bound.action = command.action;
  const bool create =
      command.action == AstSchemaAction::kCreateIndex || command.action == AstSchemaAction::kCreateConstraint;
  if (!create) {
    bound.name = command.name->text;
    bound.if_exists = command.conditional;
    return bound;
  }
  ConstraintRequest& request = bound.request;
  if (command.name) request.name = command.name->text;
  request.if_not_exists = command.conditional;
  request.entity = command.on_edges ? EntityKind::kEdge : EntityKind::kVertex;
  request.schema = command.schema.text;
  for (const AstSchemaProperty& property : command.properties) {
    if (property.variable.text != command.variable.text) {
      return BindError(property.variable.where, "UndefinedVariable",
                       fmt::format("the variable {} is not defined", property.variable.text),
                       fmt::format("Did you mean {}?", command.variable.text));
    }
    for (const std::string& earlier : request.properties) {
      if (earlier == property.key.text) {
        return BindError(property.key.where, "InvalidConstraint",
                         fmt::format("the property {} is named twice", property.key.text));
      }
    }
    request.properties.push_back(property.key.text);
  }
  if (command.action == AstSchemaAction::kCreateIndex) return bound;
  TUPU_TRY(CheckRequirement(command));
  request.kind = KindOf(command.constraint);
  for (const AstPropertyType& type : command.types)
    request.types = request.types | PropertyTypeSet::Of(type.type, type.list);
  return bound;
}

std::string SchemaCommand::Describe() const {
  const std::string on = fmt::format("{} ({})", request.schema, fmt::join(request.properties, ", "));
  switch (action) {
    case AstSchemaAction::kCreateIndex: return fmt::format("CreateIndex  {}\n", on);
    case AstSchemaAction::kCreateConstraint: return fmt::format("CreateConstraint  {} {}\n", on, TextOf(request.kind));
    case AstSchemaAction::kDropIndex: return fmt::format("DropIndex  {}\n", name);
    case AstSchemaAction::kDropConstraint: return fmt::format("DropConstraint  {}\n", name);
  }
  return {};
}

std::string NoticeOf(const SchemaCommand& command, const GraphView& view) {
  const std::string& name = command.request.schema;
  if (name.empty()) return {};  // DROP
  std::vector<std::string_view> in_use;
  const auto collect = [&](const auto& names, const auto& count) {
    for (uint32_t i = 0; i < names.size(); ++i) {
      const auto id = static_cast<std::decay_t<decltype(*names.Find(""))>>(i);
      if (count(id) > 0) in_use.push_back(names.GetName(id));
    }
  };
  const bool edges = command.request.entity == EntityKind::kEdge;
  if (edges) {
    collect(view.catalog().edge_types(), [&](EdgeTypeId type) { return view.CountEdges(type); });
  } else {
    collect(view.catalog().labels(), [&](LabelId label) { return view.CountVertices(label); });
  }
  if (std::find(in_use.begin(), in_use.end(), name) != in_use.end()) return {};
  const std::string hint = DidYouMean(name, in_use);
  return fmt::format("no {} \"{}\" yet{}{}", edges ? "relationship has the type" : "node has the label", name,
                     hint.empty() ? "" : ". ", hint);
}

Result<SchemaCounters> RunSchemaCommand(const SchemaCommand& command, GraphStore& store, const SchemaOptions& options) {
  const auto run = [&]() -> Result<SchemaCounters> {
    switch (command.action) {
      case AstSchemaAction::kCreateIndex: return store.CreateIndex(command.request, options);
      case AstSchemaAction::kCreateConstraint: return store.CreateConstraint(command.request, options);
      case AstSchemaAction::kDropIndex: return store.DropIndex(command.name, command.if_exists);
      case AstSchemaAction::kDropConstraint: return store.DropConstraint(command.name, command.if_exists);
    }
    return SchemaCounters{};
  };
  Result<SchemaCounters> counters = run();
  if (counters) return counters;
  Error error = std::move(counters).error();
  if (!error.where) error.where = command.where;
  return error;
}

}  // namespace tupu
