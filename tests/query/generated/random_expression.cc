#include <utility>

#include "query/generated/internal/query_generator.h"

namespace tupu {

namespace {

Fragment Call(const std::string& function, std::vector<Fragment> arguments) {
  return ListOf(function + "(", std::move(arguments), ", ", ")");
}

Fragment Infix(Fragment left, const std::string& op, Fragment right) {
  return ListOf("(", {std::move(left), std::move(right)}, " " + op + " ", ")");
}

}  // namespace

const QueryGenerator::Variable* QueryGenerator::Find(std::initializer_list<Kind> kinds) {
  std::vector<const Variable*> found;
  for (const Variable& variable : scope_)
    for (const Kind kind : kinds)
      if (variable.kind == kind) found.push_back(&variable);
  return found.empty() ? nullptr : random_.Pick(found);
}

std::string QueryGenerator::EntityProperty(std::initializer_list<const char*> keys) {
  const Variable* entity = Find({Kind::kNode, Kind::kEdge});
  return entity == nullptr ? "" : entity->name + "." + random_.Pick(keys);
}

// Never divided and never made into text: 1 and 1.0 are one value to DISTINCT, and either may stand for both.
Fragment QueryGenerator::Number(int depth) {
  const std::string property = EntityProperty({"i", "i", "i", "f", "u"});
  if (depth <= 0 || random_.Chance(45)) {
    if (!property.empty() && random_.Chance(70)) return property;
    if (const Variable* known = Find({Kind::kNumber}); known != nullptr && random_.Chance(60)) return known->name;
    return random_.Pick({"0", "1", "2", "3", "-1", "1.5", "$k", "null"});
  }
  switch (random_.Below(9)) {
    case 0: return Replaceable(Infix(Number(depth - 1), random_.Pick({"+", "-", "*"}), Number(depth - 1)));
    case 1: return Call("coalesce", {Number(depth - 1), Number(0)});
    case 2:
      return ListOf(
          "CASE WHEN ",
          {BooleanValue(depth - 1), ListOf("THEN ", {Number(depth - 1)}, ""), ListOf("ELSE ", {Number(0)}, "")}, " ",
          " END");
    case 3:
      if (const Variable* path = Find({Kind::kPath, Kind::kShortPath})) return Fragment("length(" + path->name + ")");
      break;
    case 4:
      if (const Variable* node = Find({Kind::kNode})) return Fragment("id(" + node->name + ")");
      break;
    case 5:
      if (const Variable* list = Find({Kind::kBag, Kind::kList})) return Fragment("size(" + list->name + ")");
      break;
    case 6:
      if (Find({Kind::kNode}) != nullptr) return Call("size", {PatternComprehension()});
      break;
    case 7:
      if (!property.empty()) {
        const std::string entity = property.substr(0, property.find('.'));
        return Fragment("reduce(s = 0, x IN " + entity + ".l | s + x)");
      }
      break;
    default: return Call("abs", {Number(depth - 1)});
  }
  return property.empty() ? Fragment("7") : Fragment(property);
}

Fragment QueryGenerator::String(int depth) {
  const std::string property = EntityProperty({"s", "name"});
  if (depth <= 0 || random_.Chance(60)) {
    if (!property.empty() && random_.Chance(75)) return property;
    if (const Variable* known = Find({Kind::kString}); known != nullptr && random_.Chance(60)) return known->name;
    return random_.Pick({"'a'", "'b'", "'n1'", "''", "$s", "null"});
  }
  switch (random_.Below(5)) {
    case 0: return Replaceable(Infix(String(depth - 1), "+", String(depth - 1)));
    case 1: return Call("toUpper", {String(depth - 1)});
    case 2: return Call("left", {String(depth - 1), "1"});
    case 3:
      if (const Variable* edge = Find({Kind::kEdge})) return Fragment("type(" + edge->name + ")");
      break;
    default: return Call("coalesce", {String(depth - 1), "'none'"});
  }
  return property.empty() ? Fragment("'z'") : Fragment(property);
}

Fragment QueryGenerator::Boolean(int depth) {
  if (depth <= 0 || random_.Chance(45)) return SimpleBoolean(depth);
  switch (random_.Weighted({50, 25, 15, 5})) {
    case 0: return Replaceable(Infix(Boolean(depth - 1), "AND", Boolean(depth - 1)));
    case 1: return Replaceable(Infix(Boolean(depth - 1), "OR", Boolean(depth - 1)));
    case 2: return Replaceable(ListOf("NOT (", {Boolean(depth - 1)}, "", ")"));
    default: return Replaceable(Infix(Boolean(depth - 1), "XOR", Boolean(depth - 1)));
  }
}

Fragment QueryGenerator::SimpleBoolean(int depth) {
  const Variable* node = Find({Kind::kNode});
  const std::string property = EntityProperty({"i", "s", "name", "b", "m", "l", "f", "absent"});
  switch (random_.Weighted({22, 12, 12, 9, 7, 9, 10, 6, 6, 5, 5, 3, 4})) {
    case 0: return Infix(Number(depth), random_.Pick({"=", "<", ">", "<=", ">=", "<>", "="}), Number(depth));
    case 1:
      return Infix(String(depth), random_.Pick({"=", "<", ">=", "STARTS WITH", "CONTAINS", "ENDS WITH"}),
                   String(depth));
    case 2: return SeekableBoolean();
    case 3:
      if (property.empty()) break;
      return Fragment(property + random_.Pick({" IS NULL", " IS NOT NULL"}));
    case 4:
      if (node == nullptr) break;
      return Fragment(node->name + random_.Pick({":A", ":B", ":A:C", ":Absent"}));
    case 5:
      if (node == nullptr || steps_left_ <= 0 || !condition_) break;
      return random_.Chance(35) ? ListOf("NOT ", {PatternPredicate()}, "") : PatternPredicate();
    case 6:
      if (node == nullptr || steps_left_ <= 0) break;
      return random_.Chance(35) ? ListOf("NOT ", {ExistsSubquery(depth)}, "") : ExistsSubquery(depth);
    case 7: {
      const Variable* one = Find({Kind::kNode, Kind::kEdge});
      const Variable* other = one == nullptr ? nullptr : Find({one->kind});
      if (other == nullptr) break;
      return Fragment("(" + one->name + random_.Pick({" = ", " <> "}) + other->name + ")");
    }
    case 8: return Quantifier(depth);
    case 9:
      if (node == nullptr) break;
      return Fragment("id(" + node->name + random_.Pick({") = 1", ") IN [0, 2, 3]", ") = $k", ") < 3"}));
    case 10:
      if (const Variable* known = Find({Kind::kBoolean})) return known->name;
      if (!property.empty()) return Fragment(property.substr(0, property.find('.')) + ".b");
      break;
    case 11: return random_.Pick({"true", "false", "null"});
    default:
      if (const Variable* known = Find({Kind::kNode, Kind::kEdge, Kind::kPath, Kind::kAny}))
        return Fragment(known->name + random_.Pick({" IS NULL", " IS NOT NULL"}));
      break;
  }
  return ListOf("", {Number(0), Number(0), Number(0)}, random_.Pick({" < ", " <= ", " = "}));
}

// What an index or another seek could take.
Fragment QueryGenerator::SeekableBoolean() {
  const Variable* entity = Find({Kind::kNode, Kind::kNode, Kind::kEdge});
  if (entity == nullptr) return "true";
  return Fragment(entity->name + random_.Pick({".i = 1", ".i > 1", ".i <= 2", ".s STARTS WITH 'a'", ".name = 'n1'",
                                               ".i IN [0, 2, null]", ".m = 1", ".m >= 'a'", ".u = 3", ".u IN $list",
                                               ".f < 1", ".m IS NOT NULL", ".s = $s", ".i = $k", ".m IN [1, 'a', true]",
                                               ".u > 100", ".name = $s", ".u = 1.0"}));
}

Fragment QueryGenerator::BooleanValue(int depth) {
  const bool outside = std::exchange(condition_, false);
  Fragment value = Boolean(depth);
  condition_ = outside;
  return value;
}

Fragment QueryGenerator::Quantifier(int depth) {
  auto [list, element] = List(0);
  const std::string name = NewName("e");
  scope_.push_back({name, element});
  Fragment condition = SimpleBoolean(depth - 1);
  scope_.pop_back();
  return ListOf(random_.Pick({"all(", "any(", "none(", "single("}) + name + " IN ",
                {std::move(list), ListOf(" WHERE ", {std::move(condition)}, "")}, "", ")");
}

std::pair<Fragment, QueryGenerator::Kind> QueryGenerator::List(int depth) {
  switch (random_.Below(6)) {
    case 0:
      if (const Variable* path = Find({Kind::kPath})) {
        const bool nodes = random_.Chance(50);
        return {Fragment((nodes ? "nodes(" : "relationships(") + path->name + ")"), nodes ? Kind::kNode : Kind::kEdge};
      }
      break;
    case 1:
      if (const Variable* known = Find({Kind::kList})) return {Fragment(known->name), known->element};
      break;
    case 2:
      if (const std::string property = EntityProperty({"l"}); !property.empty()) return {property, Kind::kNumber};
      break;
    case 3:
      if (depth <= 0) break;
      return {ListOf("[", {Number(depth - 1), Removable(Number(0)), Removable(String(0))}, ", ", "]"), Kind::kAny};
    case 4:
      return {Fragment(random_.Pick({"range(0, 2)", "$list", "[2, 1, 2, null]", "[]", "[1, 1.0, 2]"})), Kind::kNumber};
    default: {
      if (depth <= 0) break;
      auto [list, element] = List(depth - 1);
      const std::string name = NewName("e");
      scope_.push_back({name, element});
      Fragment where;
      if (random_.Chance(60)) where = Removable(ListOf(" WHERE ", {SimpleBoolean(depth - 1)}, ""));
      scope_.pop_back();
      return {ListOf("[" + name + " IN ", {std::move(list), std::move(where)}, "", "]"), element};
    }
  }
  return {"[1, 2]", Kind::kNumber};
}

Fragment QueryGenerator::Any(int depth) {
  switch (random_.Weighted({20, 15, 10, 20, 20, 8, 7})) {
    case 0: return Number(depth);
    case 1: return String(depth);
    case 2: return BooleanValue(depth - 1);
    case 3:
      if (const Variable* known = Find({Kind::kAny, Kind::kNode, Kind::kEdge, Kind::kPath, Kind::kList}))
        return known->name;
      break;
    case 4:
      if (const std::string property = EntityProperty({"m", "m", "b", "l", "absent"}); !property.empty())
        return property;
      break;
    case 5:
      if (const Variable* known = Find({Kind::kNode, Kind::kEdge})) return Fragment(known->name + " {.i, .name}");
      break;
    default: return ListOf("{a: ", {Number(0), ListOf("b: ", {String(0)}, "")}, ", ", "}");
  }
  return random_.Pick({"null", "[1, null]", "'q'", "true", "1.0"});
}

}  // namespace tupu
