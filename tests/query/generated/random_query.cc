#include "query/generated/random_query.h"

#include <algorithm>

#include "query/generated/internal/query_generator.h"

namespace tupu {

RandomQuery RandomQuery::Make(Random& random) {
  return QueryGenerator(random).Make();
}

Map RandomParameters() {
  return {{"k", Value(2)}, {"s", Value("a")}, {"list", Value(List{Value(1), Value(2), Value()})}};
}

RandomQuery QueryGenerator::Make() {
  RandomQuery query;
  if (random_.Chance(1)) {
    query.text = PlainCount();
    return query;
  }
  const bool in_union = random_.Chance(8);
  const size_t columns = 1 + random_.Below(3);
  Fragment first = Branch(columns, in_union);
  if (!in_union) {
    query.text = ListOf("", {std::move(first)}, "");
  } else {
    scope_.clear();
    components_left_ = 2;
    Fragment second = Branch(columns, true);
    const bool all = bags_ || random_.Chance(40);
    query.text = Replaceable(ListOf("", {std::move(first), std::move(second)}, all ? " UNION ALL " : " UNION "));
    query.text = ListOf("", {std::move(query.text)}, "");
  }
  query.ordered = ordered_;
  query.bags = bags_;
  return query;
}

// ---- Clauses --------------------------------------------------------------------------------------------------------

Fragment QueryGenerator::Branch(size_t columns, bool in_union) {
  std::vector<Fragment> clauses;
  const size_t count = 1 + random_.Below(3);
  for (size_t i = 0; i < count; ++i) {
    const bool first = i == 0;
    switch (random_.Weighted({60, first ? 6 : 28, first ? 8 : 12, first ? 0 : 30, 6})) {
      case 0: clauses.push_back(Removable(Match(false))); break;
      case 1: clauses.push_back(Removable(Match(true))); break;
      case 2: clauses.push_back(Removable(Unwind())); break;
      case 3: clauses.push_back(Removable(With())); break;
      case 4: clauses.push_back(Removable(ShortestPathMatch())); break;
    }
  }
  clauses.push_back(Return(columns, in_union));
  return ListOf("", std::move(clauses), " ");
}

// What the store has counted already.
Fragment QueryGenerator::PlainCount() {
  return Fragment(std::string("MATCH ") + random_.Pick({"(n:A)", "(n)", "()-[n:R]->()", "(m)<-[n]-()", "(n:B)"}) +
                  random_.Pick({" RETURN count(*)", " RETURN count(n) + 1 AS c", " RETURN count(n)"}));
}

Fragment QueryGenerator::Where(int percent) {
  if (!random_.Chance(percent)) return {};
  return Removable(ListOf("WHERE ", {Boolean(2)}, ""));
}

Fragment QueryGenerator::Match(bool optional) {
  known_edges_.clear();
  std::vector<Fragment> parts;
  Scope declared;
  const size_t count = 1 + random_.Weighted({70, 25, 5});
  for (size_t i = 0; i < count; ++i) parts.push_back(Removable(Part(Use::kMatch, declared)));
  scope_.insert(scope_.end(), declared.begin(), declared.end());
  return ListOf("", {ListOf(optional ? "OPTIONAL MATCH " : "MATCH ", std::move(parts), ", "), Where(60)}, " ");
}

// The ends are bound by node patterns of their own. Of one path among several only the length is fixed.
Fragment QueryGenerator::ShortestPathMatch() {
  Scope declared;
  std::vector<Fragment> parts;
  std::string ends[2];
  for (std::string& end : ends) {
    const Variable* known = random_.Chance(40) || components_left_ <= 0 ? Find({Kind::kNode}) : nullptr;
    if (known != nullptr) {
      end = known->name;
      continue;
    }
    --components_left_;
    end = NewName("n");
    declared.push_back({end, Kind::kNode});
    parts.push_back(ListOf("(" + end, {Properties(declared)}, "", ")"));
    parts.back().stays = true;
  }
  const bool all = random_.Chance(50);
  const std::string path = NewName("p");
  std::string step = random_.Pick({"-[*..4]-", "-[:R*..3]->", "<-[*]-", "-[:R|S*]->", "-[*0..3]->", "-[:R]->"});
  parts.push_back(Fragment(path + (all ? " = allShortestPaths((" : " = shortestPath((") + ends[0] + ")" + step + "(" +
                           ends[1] + "))"));
  declared.push_back({path, all ? Kind::kPath : Kind::kShortPath});
  scope_.insert(scope_.end(), declared.begin(), declared.end());
  Fragment where;
  if (random_.Chance(30)) {
    where = Removable(ListOf("WHERE ", {SimpleBoolean(1)}, ""));
  } else if (random_.Chance(40)) {
    where = Removable(Fragment("WHERE length(" + path + random_.Pick({") > 1", ") <> 2", ") = 3"})));
  }
  return ListOf("", {ListOf(random_.Chance(80) ? "MATCH " : "OPTIONAL MATCH ", std::move(parts), ", "), where}, " ");
}

Fragment QueryGenerator::Unwind() {
  const std::string name = NewName("x");
  if (const Variable* bag = random_.Chance(50) ? Find({Kind::kBag}) : nullptr) {
    const std::string list = bag->name;
    scope_.push_back({name, bag->element});
    return Fragment("UNWIND " + list + " AS " + name);
  }
  auto [list, element] = List(2);
  scope_.push_back({name, element});
  return ListOf("UNWIND ", {std::move(list)}, "", " AS " + name);
}

Fragment QueryGenerator::With() {
  const bool aggregating = random_.Chance(40);
  Projection projection = Items(1 + random_.Below(3), aggregating);
  // Some variables go on as they are.
  for (const Variable& variable : scope_) {
    if (!random_.Chance(aggregating ? 25 : 70)) continue;
    if (aggregating && (variable.kind == Kind::kBag || variable.kind == Kind::kShortPath)) continue;
    projection.items.push_back(Removable(Fragment(variable.name)));
    projection.output.push_back(variable);
    projection.bags = projection.bags || variable.kind == Kind::kBag || variable.kind == Kind::kShortPath;
  }
  const bool distinct = !projection.bags && random_.Chance(20);
  scope_ = projection.output;
  std::vector<Fragment> parts{ListOf(distinct ? "WITH DISTINCT " : "WITH ", std::move(projection.items), ", ")};
  if (!projection.bags && random_.Chance(20)) parts.push_back(TotalOrder(scope_, 90));
  parts.push_back(Where(35));
  return ListOf("", std::move(parts), " ");
}

Fragment QueryGenerator::Return(size_t columns, bool in_union) {
  Projection projection = Items(columns, random_.Chance(40));
  if (in_union) {
    // The branches of a UNION have the same columns.
    std::vector<Fragment> renamed;
    for (const Variable& variable : projection.output)
      renamed.emplace_back(variable.name + " AS c_" + std::to_string(renamed.size()));
    return ListOf("", {ListOf("WITH ", std::move(projection.items), ", "), ListOf("RETURN ", std::move(renamed), ", ")},
                  " ");
  }
  const bool distinct = !projection.bags && random_.Chance(25);
  std::vector<Fragment> parts{ListOf(distinct ? "RETURN DISTINCT " : "RETURN ", std::move(projection.items), ", ")};
  if (random_.Chance(35)) {
    if (!projection.bags) {
      ordered_ = true;
      parts.push_back(TotalOrder(projection.output, 50));
      parts.back().removable = false;
    } else if (!distinct && !projection.aggregating) {
      parts.push_back(Removable(ListOf("ORDER BY ", {Number(1)}, "")));
    }
  }
  return ListOf("", std::move(parts), " ");
}

// All columns, so that rows that tie are the same row.
Fragment QueryGenerator::TotalOrder(const Scope& output, int limit_percent) {
  std::vector<Fragment> keys;
  for (const Variable& variable : output) {
    const auto at = keys.begin() + static_cast<std::ptrdiff_t>(random_.Below(keys.size() + 1));
    keys.insert(at, Fragment(variable.name + (random_.Chance(35) ? " DESC" : "")));
  }
  std::vector<Fragment> parts{ListOf("ORDER BY ", std::move(keys), ", ")};
  if (random_.Chance(25)) parts.push_back(Removable(Fragment("SKIP " + std::to_string(random_.Below(4)))));
  if (random_.Chance(limit_percent))
    parts.push_back(Removable(Fragment(random_.Chance(10) ? "LIMIT $k" : "LIMIT " + std::to_string(random_.Below(6)))));
  return Removable(ListOf("", std::move(parts), " "));
}

// ---- Items ----------------------------------------------------------------------------------------------------------

QueryGenerator::Projection QueryGenerator::Items(size_t columns, bool aggregating) {
  Projection projection;
  projection.aggregating = aggregating;
  for (size_t i = 0; i < columns; ++i) {
    auto [item, variable] = Item(aggregating && (i == 0 || random_.Chance(50)));
    projection.bags = projection.bags || variable.kind == Kind::kBag || variable.kind == Kind::kShortPath;
    item = ListOf("", {std::move(item)}, "", " AS " + variable.name);
    projection.items.push_back(Removable(std::move(item)));
    projection.output.push_back(std::move(variable));
  }
  return projection;
}

std::pair<Fragment, QueryGenerator::Variable> QueryGenerator::Item(bool aggregate) {
  if (aggregate) return Aggregate();
  const std::string name = NewName("c");
  switch (random_.Weighted({30, 15, 10, 25, 10, 6})) {
    case 0: return {Number(2), {name, Kind::kNumber}};
    case 1: return {String(2), {name, Kind::kString}};
    case 2: return {BooleanValue(1), {name, Kind::kBoolean}};
    case 3:
      if (const Variable* known = Find({Kind::kNode, Kind::kEdge, Kind::kPath}))
        return {Fragment(known->name), {name, known->kind}};
      break;
    case 4: {
      auto [list, element] = List(1);
      return {std::move(list), {name, Kind::kList, element}};
    }
    default: break;
  }
  return {Any(2), {name, Kind::kAny}};
}

std::pair<Fragment, QueryGenerator::Variable> QueryGenerator::Aggregate() {
  const std::string name = NewName("c");
  const char* distinct = random_.Chance(35) ? "DISTINCT " : "";
  const auto call = [&](const char* function, Fragment argument) {
    return ListOf(std::string(function) + "(" + distinct, {std::move(argument)}, "", ")");
  };
  switch (random_.Weighted({25, 15, 15, 12, 12, 16, 5})) {
    case 0: return {"count(*)", {name, Kind::kNumber}};
    case 1:
      if (const Variable* known = Find({Kind::kNode, Kind::kEdge, Kind::kPath, Kind::kNumber}))
        return {call("count", known->name), {name, Kind::kNumber}};
      return {call("count", Any(1)), {name, Kind::kNumber}};
    case 2: return {call("sum", Number(1)), {name, Kind::kNumber}};
    case 3:
      if (random_.Chance(50)) return {call("min", Number(1)), {name, Kind::kNumber}};
      return {call("min", Any(1)), {name, Kind::kAny}};
    case 4:
      if (random_.Chance(50)) return {call("max", String(1)), {name, Kind::kString}};
      return {call("max", Any(1)), {name, Kind::kAny}};
    case 5: {
      bags_ = true;
      if (const Variable* known = Find({Kind::kNode, Kind::kEdge}); known != nullptr && random_.Chance(50))
        return {call("collect", known->name), {name, Kind::kBag, known->kind}};
      return {call("collect", Number(1)), {name, Kind::kBag, Kind::kNumber}};
    }
    default: return {ListOf("", {call("sum", Number(0))}, "", " + count(*)"), {name, Kind::kNumber}};
  }
}

}  // namespace tupu
