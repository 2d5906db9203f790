#include "query/schema/catalog_procedures.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

#ifndef TUPU_VERSION
#error "the build defines TUPU_VERSION"
#endif

namespace tupu {

namespace {

std::string Quoted(std::string_view name) {
  std::string text = ":`";
  for (const char c : name) text.append(c == '`' ? 2 : 1, c);
  return text + "`";
}

/// As the tools that read it call them: "Long", "StringArray".
std::string TypeText(const Value& value) {
  switch (value.type()) {
    case ValueType::kBoolean: return "Boolean";
    case ValueType::kInteger: return "Long";
    case ValueType::kFloat: return "Double";
    case ValueType::kString: return "String";
    case ValueType::kDate: return "Date";
    case ValueType::kLocalTime: return "LocalTime";
    case ValueType::kTime: return "Time";
    case ValueType::kLocalDateTime: return "LocalDateTime";
    case ValueType::kDateTime: return "DateTime";
    case ValueType::kDuration: return "Duration";
    case ValueType::kList: return value.AsList().empty() ? "Array" : TypeText(value.AsList().front()) + "Array";
    default: return "Any";
  }
}

/// The property keys and types met on entities of one kind.
struct Profile {
  struct Property {
    std::set<std::string> types;
    uint64_t count = 0;
  };
  std::map<PropertyKeyId, Property> properties;
  uint64_t count = 0;

  void Add(const Properties& of_one) {
    ++count;
    for (const auto& [key, value] : of_one) {
      Property& property = properties[key];
      property.types.insert(TypeText(value));
      ++property.count;
    }
  }
  /// The columns propertyName, propertyTypes and mandatory behind `head`; one row without them if there is no property.
  void AddRows(const Catalog& catalog, const std::vector<Value>& head, ProcedureRows& rows) const {
    const auto add = [&](Value name, Value types, bool mandatory) {
      std::vector<Value>& row = rows.emplace_back(head);
      row.insert(row.end(), {std::move(name), std::move(types), Value(mandatory)});
    };
    if (properties.empty()) return add({}, {}, false);
    for (const auto& [key, property] : properties) {
      List types;
      for (const std::string& type : property.types) types.emplace_back(type);
      add(Value(catalog.property_keys().GetName(key)), Value(std::move(types)), property.count == count);
    }
  }
};

template <class Visit>  // Status(VertexId)
Status VisitVertices(const ProcedureContext& context, Visit visit) {
  TUPU_TRY_ASSIGN(const auto cursor, context.view.ScanVertices(std::nullopt));
  std::array<VertexId, 256> ids;
  while (true) {
    TUPU_TRY(context.cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(ids));
    if (count == 0) return {};
    for (size_t i = 0; i < count; ++i) TUPU_TRY(visit(ids[i]));
  }
}

/// The names of a table that something in the graph has.
template <class Id, class Count>
ProcedureRows UsedNames(const NameTable<Id>& names, const Count& count) {
  ProcedureRows rows;
  for (size_t i = 0; i < names.size(); ++i)
    if (count(static_cast<Id>(i)) > 0) rows.push_back({Value(names.GetName(static_cast<Id>(i)))});
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a[0].AsString() < b[0].AsString(); });
  return rows;
}

Result<ProcedureRows> Labels(const ProcedureContext& context, const std::vector<Value>&) {
  return UsedNames(context.view.catalog().labels(), [&](LabelId id) { return context.view.CountVertices(id); });
}

Result<ProcedureRows> RelationshipTypes(const ProcedureContext& context, const std::vector<Value>&) {
  return UsedNames(context.view.catalog().edge_types(), [&](EdgeTypeId id) { return context.view.CountEdges(id); });
}

Result<ProcedureRows> PropertyKeys(const ProcedureContext& context, const std::vector<Value>&) {
  return UsedNames(context.view.catalog().property_keys(), [](PropertyKeyId) { return 1; });
}

Result<ProcedureRows> NodeTypeProperties(const ProcedureContext& context, const std::vector<Value>&) {
  std::map<std::vector<LabelId>, Profile> profiles;
  const auto visit = [&](VertexId id) -> Status {
    TUPU_TRY_ASSIGN(const std::optional<VertexRecord> vertex, context.view.FindVertex(id));
    if (vertex) profiles[vertex->labels].Add(vertex->properties);
    return {};
  };
  TUPU_TRY(VisitVertices(context, visit));
  const Catalog& catalog = context.view.catalog();
  ProcedureRows rows;
  for (const auto& [labels, profile] : profiles) {
    std::string type;
    List names;
    for (const LabelId label : labels) {
      type += Quoted(catalog.labels().GetName(label));
      names.emplace_back(catalog.labels().GetName(label));
    }
    profile.AddRows(catalog, {Value(type), Value(std::move(names))}, rows);
  }
  return rows;
}

Result<ProcedureRows> RelTypeProperties(const ProcedureContext& context, const std::vector<Value>&) {
  std::map<EdgeTypeId, Profile> profiles;
  std::vector<NeighbourRecord> steps;
  const auto visit = [&](VertexId id) -> Status {
    steps.clear();
    TUPU_TRY(context.view.ExpandWithProperties(id, Direction::kOut, {}, steps));
    for (const NeighbourRecord& step : steps) profiles[step.type].Add(step.properties);
    return {};
  };
  TUPU_TRY(VisitVertices(context, visit));
  const Catalog& catalog = context.view.catalog();
  ProcedureRows rows;
  for (const auto& [type, profile] : profiles)
    profile.AddRows(catalog, {Value(Quoted(catalog.edge_types().GetName(type)))}, rows);
  return rows;
}

/// A node for each label and a relationship for each type between two labels; their ids are the numbers of the labels.
Result<ProcedureRows> Visualization(const ProcedureContext& context, const std::vector<Value>&) {
  std::set<LabelId> labels;
  std::set<std::tuple<EdgeTypeId, LabelId, LabelId>> triples;
  std::vector<Neighbour> steps;
  const auto visit = [&](VertexId id) -> Status {
    TUPU_TRY_ASSIGN(const std::vector<LabelId> from, context.view.VertexLabels(id));
    labels.insert(from.begin(), from.end());
    steps.clear();
    TUPU_TRY(context.view.Expand(id, Direction::kOut, {}, steps));
    for (const Neighbour& step : steps) {
      TUPU_TRY_ASSIGN(const std::vector<LabelId> to, context.view.VertexLabels(step.vertex));
      for (const LabelId a : from)
        for (const LabelId b : to) triples.emplace(step.type, a, b);
    }
    return {};
  };
  TUPU_TRY(VisitVertices(context, visit));
  const Catalog& catalog = context.view.catalog();
  List nodes;
  for (const LabelId label : labels) {
    const std::string name(catalog.labels().GetName(label));
    nodes.emplace_back(Vertex{static_cast<VertexId>(ToInteger(label)), {name}, {{"name", Value(name)}}});
  }
  List relationships;
  for (const auto& [type, from, to] : triples) {
    const std::string name(catalog.edge_types().GetName(type));
    relationships.emplace_back(Edge{static_cast<EdgeId>(relationships.size()),
                                    name,
                                    static_cast<VertexId>(ToInteger(from)),
                                    static_cast<VertexId>(ToInteger(to)),
                                    {{"name", Value(name)}}});
  }
  return ProcedureRows{{Value(std::move(nodes)), Value(std::move(relationships))}};
}

Result<ProcedureRows> Components(const ProcedureContext&, const std::vector<Value>&) {
  return ProcedureRows{{Value("tupu"), Value(List{Value(TUPU_VERSION)}), Value("embedded")}};
}

Result<ProcedureRows> Ping(const ProcedureContext&, const std::vector<Value>&) {
  return ProcedureRows{{Value(true)}};
}

}  // namespace

std::span<const Procedure> CatalogProcedures() {
  const ProcedureField property{"propertyName", "STRING"};
  const ProcedureField types{"propertyTypes", "LIST OF STRING"};
  const ProcedureField mandatory{"mandatory", "BOOLEAN"};
  static const std::array<Procedure, 8> kProcedures = {
      {{{"db.labels", {}, {{"label", "STRING"}}, "The labels that some node has."}, Labels},
       {{"db.relationshipTypes", {}, {{"relationshipType", "STRING"}}, "The types that some relationship has."},
        RelationshipTypes},
       {{"db.propertyKeys", {}, {{"propertyKey", "STRING"}}, "The property keys that the store has met."},
        PropertyKeys},
       {{"db.schema.nodeTypeProperties",
         {},
         {{"nodeType", "STRING"}, {"nodeLabels", "LIST OF STRING"}, property, types, mandatory},
         "The properties of nodes by their labels, with the types met; goes through all nodes."},
        NodeTypeProperties},
       {{"db.schema.relTypeProperties",
         {},
         {{"relType", "STRING"}, property, types, mandatory},
         "The properties of relationships by type, with the types met; goes through all relationships."},
        RelTypeProperties},
       {{"db.schema.visualization",
         {},
         {{"nodes", "LIST OF NODE"}, {"relationships", "LIST OF RELATIONSHIP"}},
         "A node for each label, a relationship for each type between two labels; goes through all relationships."},
        Visualization},
       {{"dbms.components",
         {},
         {{"name", "STRING"}, {"versions", "LIST OF STRING"}, {"edition", "STRING"}},
         "The engine and its version."},
        Components},
       {{"db.ping", {}, {{"success", "BOOLEAN"}}, "True: the store answers."}, Ping}}};
  return kProcedures;
}

const Procedure* FindCatalogProcedure(std::string_view name) {
  for (const Procedure& procedure : CatalogProcedures())
    if (procedure.signature.name == name) return &procedure;
  return nullptr;
}

}  // namespace tupu
