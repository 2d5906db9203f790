#include "query/schema/show_procedures.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "query/schema/show_catalog.h"
#include "storage/catalog/catalog.h"
#include "storage/catalog/index_catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

namespace {

std::string Quoted(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text.append(c == '`' ? 2 : 1, c);
  return text + "`";
}

std::string_view SchemaName(const SchemaTarget& target, const Catalog& catalog) {
  return target.entity == EntityKind::kVertex ? catalog.labels().GetName(target.label())
                                              : catalog.edge_types().GetName(target.edge_type());
}

Value Properties(const SchemaTarget& target, const Catalog& catalog) {
  List names;
  for (const PropertyKeyId key : target.properties) names.emplace_back(catalog.property_keys().GetName(key));
  return Value(std::move(names));
}

Value EntityType(const SchemaTarget& target) {
  return Value(target.entity == EntityKind::kVertex ? "NODE" : "RELATIONSHIP");
}

/// "(n:`Firm`)" or "()-[r:`OWNS`]-()", and "(n.`a`, n.`b`)".
std::string PatternText(const SchemaTarget& target, const Catalog& catalog) {
  const std::string name = Quoted(SchemaName(target, catalog));
  return target.entity == EntityKind::kVertex ? fmt::format("(n:{})", name) : fmt::format("()-[r:{}]-()", name);
}
std::string PropertiesText(const SchemaTarget& target, const Catalog& catalog) {
  std::vector<std::string> parts;
  for (const PropertyKeyId key : target.properties)
    parts.push_back(fmt::format("{}.{}", target.entity == EntityKind::kVertex ? "n" : "r",
                                Quoted(catalog.property_keys().GetName(key))));
  return fmt::format("({})", fmt::join(parts, ", "));
}

std::string ConstraintTypeName(const ConstraintDefinition& constraint) {
  const bool vertex = constraint.target.entity == EntityKind::kVertex;
  switch (constraint.kind) {
    case ConstraintKind::kUnique: return vertex ? "UNIQUENESS" : "RELATIONSHIP_UNIQUENESS";
    case ConstraintKind::kExists: return vertex ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE";
    case ConstraintKind::kType: return vertex ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE";
    case ConstraintKind::kKey: return vertex ? "NODE_KEY" : "RELATIONSHIP_KEY";
  }
  return "UNIQUENESS";
}

std::string RequirementText(const ConstraintDefinition& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::kUnique: return "IS UNIQUE";
    case ConstraintKind::kExists: return "IS NOT NULL";
    case ConstraintKind::kType: return "IS :: " + constraint.types.ToString();
    case ConstraintKind::kKey:
      return constraint.target.entity == EntityKind::kVertex ? "IS NODE KEY" : "IS RELATIONSHIP KEY";
  }
  return "IS UNIQUE";
}

Value OwnerName(const IndexDefinition& index, const IndexCatalog& indexes) {
  for (const ConstraintDefinition& constraint : indexes.constraints())
    if (index.owner == constraint.id) return Value(constraint.name);
  return {};
}

Result<ProcedureRows> ShowIndexes(const ProcedureContext& context, const std::vector<Value>&) {
  const IndexCatalog& indexes = context.view.indexes();
  const Catalog& catalog = context.view.catalog();
  ProcedureRows rows;
  for (const IndexDefinition& index : indexes.indexes()) {
    const std::string create = fmt::format("CREATE RANGE INDEX {} FOR {} ON {}", Quoted(index.name),
                                           PatternText(index.target, catalog), PropertiesText(index.target, catalog));
    rows.push_back({static_cast<int64_t>(ToInteger(index.id)), index.name, Name(index.state), index.PopulationPercent(),
                    "RANGE", EntityType(index.target), List{Value(SchemaName(index.target, catalog))},
                    Properties(index.target, catalog), "range-1.0", OwnerName(index, indexes), Value(), Value(),
                    index.failure, index.owner ? Value() : Value(create)});
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a[1].AsString() < b[1].AsString(); });
  return rows;
}

Result<ProcedureRows> ShowConstraints(const ProcedureContext& context, const std::vector<Value>&) {
  const IndexCatalog& indexes = context.view.indexes();
  const Catalog& catalog = context.view.catalog();
  ProcedureRows rows;
  for (const ConstraintDefinition& constraint : indexes.constraints()) {
    const std::string create = fmt::format("CREATE CONSTRAINT {} FOR {} REQUIRE {} {}", Quoted(constraint.name),
                                           PatternText(constraint.target, catalog),
                                           PropertiesText(constraint.target, catalog), RequirementText(constraint));
    rows.push_back({static_cast<int64_t>(ToInteger(constraint.id)), constraint.name, ConstraintTypeName(constraint),
                    EntityType(constraint.target), List{Value(SchemaName(constraint.target, catalog))},
                    Properties(constraint.target, catalog), constraint.index ? Value(constraint.name) : Value(),
                    constraint.types.empty() ? Value() : Value(constraint.types.ToString()), Name(constraint.state),
                    create});
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a[1].AsString() < b[1].AsString(); });
  return rows;
}

}  // namespace

const Procedure* FindShowProcedure(std::string_view name) {
  static const Procedure kIndexes{{"SHOW INDEXES",
                                   {},
                                   {{"id", "INTEGER"},
                                    {"name", "STRING"},
                                    {"state", "STRING"},
                                    {"populationPercent", "FLOAT"},
                                    {"type", "STRING"},
                                    {"entityType", "STRING"},
                                    {"labelsOrTypes", "LIST OF STRING"},
                                    {"properties", "LIST OF STRING"},
                                    {"indexProvider", "STRING"},
                                    {"owningConstraint", "STRING"},
                                    {"lastRead", "DATETIME"},
                                    {"readCount", "INTEGER"},
                                    {"failureMessage", "STRING"},
                                    {"createStatement", "STRING"}},
                                   "Property indexes."},
                                  ShowIndexes};
  static const Procedure kConstraints{{"SHOW CONSTRAINTS",
                                       {},
                                       {{"id", "INTEGER"},
                                        {"name", "STRING"},
                                        {"type", "STRING"},
                                        {"entityType", "STRING"},
                                        {"labelsOrTypes", "LIST OF STRING"},
                                        {"properties", "LIST OF STRING"},
                                        {"ownedIndex", "STRING"},
                                        {"propertyType", "STRING"},
                                        {"state", "STRING"},
                                        {"createStatement", "STRING"}},
                                       "Constraints."},
                                      ShowConstraints};
  if (name == kIndexes.signature.name) return &kIndexes;
  return name == kConstraints.signature.name ? &kConstraints : FindShowCatalog(name);
}

}  // namespace tupu
