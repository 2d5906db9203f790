// Statements and clauses: from table to table.

#include <algorithm>

#include "query/interpreter/interpreter.h"
#include "query/value/compare.h"
#include "storage/catalog/catalog.h"

namespace tupu {

Interpreter::Interpreter(const GraphView& view, Map parameters, size_t max_rows)
    : view_(&view), parameters_(std::move(parameters)), max_rows_(max_rows), now_(CurrentDateTime()) {}

Result<Interpreter> Interpreter::On(const GraphView& view, Map parameters, size_t max_rows) {
  Interpreter interpreter(view, std::move(parameters), max_rows);
  TUPU_TRY_ASSIGN(const std::unique_ptr<VertexCursor> cursor, view.ScanVertices(std::nullopt));
  std::vector<VertexId> some(64);
  while (true) {
    TUPU_TRY_ASSIGN(const size_t count, cursor->Next(some));
    if (count == 0) break;
    interpreter.vertices_.insert(interpreter.vertices_.end(), some.begin(), some.begin() + static_cast<long>(count));
  }
  for (const VertexId vertex : interpreter.vertices_) {
    std::vector<Neighbour> steps;
    TUPU_TRY(view.Expand(vertex, Direction::kOut, {}, steps));
    for (const Neighbour& step : steps) interpreter.edges_.push_back({step.edge, vertex, step.vertex, step.type});
  }
  return interpreter;
}

namespace {

/// Keeps the first of each set of equivalent rows.
template <class Row, class KeyOf>  // std::vector<Value>(const Row&)
void KeepDistinct(std::vector<Row>& rows, const KeyOf& key_of) {
  std::vector<std::vector<Value>> seen;
  std::erase_if(rows, [&](const Row& row) {
    std::vector<Value> key = key_of(row);
    for (const std::vector<Value>& other : seen)
      if (std::equal(key.begin(), key.end(), other.begin(), Equivalent)) return true;
    seen.push_back(std::move(key));
    return false;
  });
}

}  // namespace

Result<std::vector<std::vector<Value>>> Interpreter::Run(const BoundQuery& query) {
  std::vector<std::vector<Value>> results;
  for (const BoundSingleQuery& branch : query.branches) {
    TUPU_TRY_ASSIGN(const Table rows, Run(branch.clauses, {Bindings()}));
    if (query.columns.empty()) continue;
    for (const Bindings& row : rows) {
      std::vector<Value>& result = results.emplace_back();
      for (const Slot slot : branch.results) {
        TUPU_TRY_ASSIGN(Value value, Complete(ValueOf(row, slot)));
        result.push_back(std::move(value));
      }
    }
  }
  if (query.branches.size() > 1 && !query.union_all) KeepDistinct(results, [](const auto& row) { return row; });
  return results;
}

Result<Table> Interpreter::Run(const std::vector<BoundClause>& clauses, Table rows) {
  for (const BoundClause& clause : clauses) {
    TUPU_TRY_ASSIGN(rows, std::visit([&](const auto& node) { return Apply(node, std::move(rows)); }, clause.node));
  }
  return rows;
}

// Each row becomes one row for each way to lay the pattern. OPTIONAL: where there is none, the row stays, and what the
// pattern would have bound stays null.
Result<Table> Interpreter::Apply(const BoundMatch& match, Table rows) {
  Table result;
  for (const Bindings& row : rows) {
    TUPU_TRY_ASSIGN(Table matches, Match(match.parts, match.where, row));
    if (match.optional && matches.empty()) matches.push_back(row);
    result.insert(result.end(), matches.begin(), matches.end());
    TUPU_TRY(CheckSize(result.size()));
  }
  return result;
}

// Each row becomes one row per element: none for null; what is no list is its own only element.
Result<Table> Interpreter::Apply(const BoundUnwind& unwind, Table rows) {
  Table result;
  for (Bindings& row : rows) {
    TUPU_TRY_ASSIGN(const Value value, Evaluate(*unwind.list, row));
    if (value.is_null()) continue;
    for (const Value& element : value.type() == ValueType::kList ? value.AsList() : List{value}) {
      row[unwind.variable] = element;
      result.push_back(row);
    }
  }
  return result;
}

// The steps are those of BoundProjection, in its order.
Result<Table> Interpreter::Apply(const BoundProjection& projection, Table rows) {
  if (projection.aggregating) {
    TUPU_TRY_ASSIGN(rows, Group(projection, std::move(rows)));
  }
  for (Bindings& row : rows) {
    const Bindings before = row;  // no item sees another
    for (const BoundProjectionItem& item : projection.items) {
      TUPU_TRY_ASSIGN(row[item.slot], Evaluate(*item.expression, before));
    }
  }
  if (projection.distinct) {
    KeepDistinct(rows, [&](const Bindings& row) {
      std::vector<Value> values;
      for (const BoundProjectionItem& item : projection.items) values.push_back(ValueOf(row, item.slot));
      return values;
    });
  }
  TUPU_TRY_ASSIGN(rows, OrderBy(projection.order_by, std::move(rows)));
  TUPU_TRY(SkipAndLimit(projection, rows));
  Table result;
  for (const Bindings& row : rows) {
    TUPU_TRY_ASSIGN(const bool passes, IsTrue(projection.where, row));
    if (!passes) continue;
    Bindings& kept = result.emplace_back();
    for (const BoundProjectionItem& item : projection.items) kept[item.slot] = ValueOf(row, item.slot);
    for (const auto& [slot, value] : imported_) kept[slot] = value;
  }
  return result;
}

// Each row with each row that the subquery gives for it. OPTIONAL: without any it stays, with null in the columns.
Result<Table> Interpreter::Apply(const BoundSubqueryCall& call, Table rows) {
  Table result;
  for (const Bindings& row : rows) {
    TUPU_TRY_ASSIGN(const Table inner, RunSubquery(*call.query, row));
    if (call.query->columns.empty() || (call.optional && inner.empty())) result.push_back(row);
    if (call.query->columns.empty()) continue;
    for (const Bindings& columns : inner) {
      Bindings& joined = result.emplace_back(row);
      for (const auto& [slot, value] : columns) joined[slot] = value;
    }
    TUPU_TRY(CheckSize(result.size()));
  }
  return result;
}

Result<Table> Interpreter::RunSubquery(const BoundSubquery& query, const Bindings& row) {
  const Bindings outside = imported_;
  for (const Slot slot : query.imported) imported_[slot] = ValueOf(row, slot);
  Table result;
  for (const BoundSubquery::Branch& branch : query.branches) {
    Result<Table> rows = Run(branch.clauses, {row});
    if (!rows) {
      imported_ = outside;
      return rows;
    }
    for (const Bindings& inner : *rows) {
      Bindings& columns = result.emplace_back();
      for (size_t i = 0; i < query.columns.size(); ++i) columns[query.columns[i]] = ValueOf(inner, branch.results[i]);
    }
  }
  imported_ = outside;
  if (query.branches.size() > 1 && !query.union_all) {
    KeepDistinct(result, [&](const Bindings& each) {
      std::vector<Value> values;
      for (const Slot slot : query.columns) values.push_back(ValueOf(each, slot));
      return values;
    });
  }
  return result;
}

// One row for each set of rows with equivalent keys. Without keys one row, even for no rows.
Result<Table> Interpreter::Group(const BoundProjection& projection, Table rows) {
  struct Members {
    std::vector<Value> keys;
    Table rows;
  };
  std::vector<Members> groups;
  if (projection.keys.empty()) groups.emplace_back();
  for (Bindings& row : rows) {
    std::vector<Value> keys;
    for (const BoundGroupingKey& key : projection.keys) {
      TUPU_TRY_ASSIGN(Value value, Evaluate(*key.expression, row));
      keys.push_back(std::move(value));
    }
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Members& each) {
      return std::equal(keys.begin(), keys.end(), each.keys.begin(), Equivalent);
    });
    if (group == groups.end()) group = groups.insert(groups.end(), Members{keys, {}});
    group->rows.push_back(std::move(row));
  }
  Table result;
  for (const Members& group : groups) {
    Bindings& row = result.emplace_back();
    row = imported_;
    for (size_t i = 0; i < projection.keys.size(); ++i) row[projection.keys[i].slot] = group.keys[i];
    for (const BoundAggregate& aggregate : projection.aggregates) {
      const std::unique_ptr<Aggregator> state = MakeAggregator(*aggregate.function, aggregate.distinct);
      for (const Bindings& member : group.rows) {
        std::vector<Value> arguments;
        for (const BoundExpressionPtr& argument : aggregate.arguments) {
          TUPU_TRY_ASSIGN(Value value, Evaluate(*argument, member));
          arguments.push_back(std::move(value));
        }
        TUPU_TRY(state->Update(arguments));
      }
      TUPU_TRY_ASSIGN(row[aggregate.slot], state->Finish());
    }
  }
  return result;
}

Result<Table> Interpreter::OrderBy(const std::vector<BoundSortItem>& items, Table rows) {
  struct Keyed {
    std::vector<Value> keys;
    Bindings row;
  };
  std::vector<Keyed> keyed;
  for (Bindings& row : rows) {
    Keyed& each = keyed.emplace_back();
    for (const BoundSortItem& item : items) {
      TUPU_TRY_ASSIGN(Value key, Evaluate(*item.expression, row));
      each.keys.push_back(std::move(key));
    }
    each.row = std::move(row);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    for (size_t i = 0; i < items.size(); ++i) {
      const int order = Order(a.keys[i], b.keys[i]);
      if (order != 0) return items[i].ascending ? order < 0 : order > 0;
    }
    return false;
  });
  Table result;
  for (Keyed& each : keyed) result.push_back(std::move(each.row));
  return result;
}

Status Interpreter::SkipAndLimit(const BoundProjection& projection, Table& rows) {
  if (projection.skip) {
    TUPU_TRY_ASSIGN(const int64_t skip, RowCount(*projection.skip));
    rows.erase(rows.begin(), rows.begin() + std::min<int64_t>(skip, std::ssize(rows)));
  }
  if (projection.limit) {
    TUPU_TRY_ASSIGN(const int64_t limit, RowCount(*projection.limit));
    rows.resize(std::min<size_t>(static_cast<size_t>(limit), rows.size()));
  }
  return {};
}

Result<int64_t> Interpreter::RowCount(const BoundExpression& count) {
  TUPU_TRY_ASSIGN(const Value value, Evaluate(count, {}));
  if (value.type() == ValueType::kInteger && value.AsInteger() >= 0) return value.AsInteger();
  return Error{ErrorCode::kInvalidArgument, "SKIP and LIMIT take an integer of 0 or more"};
}

// ---- Whole entities -------------------------------------------------------------------------------------------------

namespace {

Map Named(const Properties& properties, const Catalog& catalog) {
  Map map;
  for (const auto& [key, value] : properties) map.emplace(catalog.property_keys().GetName(key), value);
  return map;
}

}  // namespace

Result<Vertex> Interpreter::CompleteVertex(VertexId id) const {
  TUPU_TRY_ASSIGN(const std::optional<VertexRecord> record, view_->FindVertex(id));
  Vertex vertex{id, {}, Named(record->properties, view_->catalog())};
  for (const LabelId label : record->labels) vertex.labels.emplace_back(view_->catalog().labels().GetName(label));
  std::sort(vertex.labels.begin(), vertex.labels.end());
  return vertex;
}

Result<Edge> Interpreter::CompleteEdge(EdgeId id) const {
  TUPU_TRY_ASSIGN(const std::optional<EdgeRecord> record, view_->FindEdge(id));
  const EdgeReference& edge = record->reference;
  return Edge{id, std::string(view_->catalog().edge_types().GetName(edge.type)), edge.start, edge.end,
              Named(record->properties, view_->catalog())};
}

Result<Value> Interpreter::Complete(const Value& value) const {
  switch (value.type()) {
    case ValueType::kVertexReference: {
      TUPU_TRY_ASSIGN(Vertex vertex, CompleteVertex(value.AsVertexReference()));
      return Value(std::move(vertex));
    }
    case ValueType::kEdgeReference: {
      TUPU_TRY_ASSIGN(Edge edge, CompleteEdge(value.AsEdgeReference().id));
      return Value(std::move(edge));
    }
    case ValueType::kPathReference: {
      Path path;
      for (const VertexId vertex : value.AsPathReference().vertices) {
        TUPU_TRY_ASSIGN(path.vertices.emplace_back(), CompleteVertex(vertex));
      }
      for (const EdgeReference& edge : value.AsPathReference().edges) {
        TUPU_TRY_ASSIGN(path.edges.emplace_back(), CompleteEdge(edge.id));
      }
      return Value(std::move(path));
    }
    case ValueType::kList: {
      List list;
      for (const Value& element : value.AsList()) {
        TUPU_TRY_ASSIGN(list.emplace_back(), Complete(element));
      }
      return Value(std::move(list));
    }
    case ValueType::kMap: {
      Map map;
      for (const auto& [key, element] : value.AsMap()) {
        TUPU_TRY_ASSIGN(map[key], Complete(element));
      }
      return Value(std::move(map));
    }
    default: return value;
  }
}

}  // namespace tupu
