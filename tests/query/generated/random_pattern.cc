#include <algorithm>

#include "query/generated/internal/query_generator.h"

namespace tupu {

// A path of up to three steps. In MATCH it brings new variables, or joins the ones that are there; in a predicate it only
// joins; in a comprehension its variables are its own.
Fragment QueryGenerator::Part(Use use, Scope& declared) {
  const size_t least = use == Use::kMatch ? 0 : 1;
  size_t steps = least + random_.Weighted({30, 45, 20, use == Use::kMatch ? 10 : 0});
  if (steps_left_ < static_cast<int>(steps)) steps = least;
  steps_left_ -= static_cast<int>(steps);
  std::vector<Fragment> elements{Node(use, declared, true, steps == 0)};
  for (size_t i = 0; i < steps; ++i) {
    Fragment relationship = Relationship(use, declared);
    Fragment node = Node(use, declared, false, i + 1 == steps);
    Fragment step = ListOf("", {std::move(relationship), std::move(node)}, "");
    elements.push_back(i + 1 > least ? Removable(std::move(step)) : std::move(step));
  }
  Fragment part = ListOf("", std::move(elements), "");
  if (use != Use::kMatch || !random_.Chance(15)) return part;
  const std::string path = NewName("p");
  declared.push_back({path, Kind::kPath});
  return ListOf(path + " = ", {std::move(part)}, "");
}

Fragment QueryGenerator::Node(Use use, Scope& declared, bool first, bool last) {
  std::string name;
  const bool join = use == Use::kMatch ? (first ? random_.Chance(components_left_ > 0 ? 55 : 100) : random_.Chance(20))
                                       : (first || random_.Chance(25));
  if (join) {
    // A node of this clause closes a cycle; one of a clause before joins the two.
    std::vector<std::string> known;
    for (const Scope* scope : {static_cast<const Scope*>(&scope_), static_cast<const Scope*>(&declared)})
      for (const Variable& variable : *scope)
        if (variable.kind == Kind::kNode) known.push_back(variable.name);
    if (!known.empty()) name = random_.Pick(known);
  }
  if (name.empty()) {
    if (first) --components_left_;
    if (use != Use::kPredicate && random_.Chance(use == Use::kMatch ? 75 : 50)) {
      name = NewName("n");
      declared.push_back({name, Kind::kNode});
    }
  }
  std::vector<Fragment> parts;
  if (random_.Chance(last ? 30 : 40)) {
    parts.push_back(Removable(Fragment(random_.Pick({":A", ":A", ":B", ":C", ":A:B", ":Absent"}))));
    if (random_.Chance(85)) parts.back() = Removable(Fragment(random_.Pick({":A", ":B", ":C"})));
  }
  parts.push_back(Properties(declared));
  Fragment node = ListOf("(" + name, std::move(parts), "", ")");
  node.stays = true;
  return node;
}

Fragment QueryGenerator::Properties(const Scope& declared) {
  if (!random_.Chance(14)) return {};
  std::string value;
  const std::string key = random_.Pick({"i", "name", "s", "m", "u", "u", "b", "f"});
  // What another element has, one that may come later in the text; or a value.
  std::vector<std::string> others;
  for (const Scope* scope : {static_cast<const Scope*>(&scope_), &declared})
    for (const Variable& variable : *scope)
      if (variable.kind == Kind::kNode || variable.kind == Kind::kEdge) others.push_back(variable.name);
  if (!others.empty() && random_.Chance(25)) {
    value = random_.Pick(others) + "." + key;
  } else if (key == "i" || key == "u" || key == "f") {
    value = random_.Pick({"0", "1", "2", "3", "$k", "1.0", "-1"});
  } else if (key == "name") {
    value = random_.Pick({"'n1'", "'n2'", "'n3'", "'N1'", "'nowhere'"});
  } else if (key == "b") {
    value = random_.Pick({"true", "false"});
  } else {
    value = random_.Pick({"'a'", "'b'", "$s", "1", "true", "[1, 2]"});
  }
  return Removable(Fragment(" {" + key + ": " + value + "}"));
}

// An edge, or a list of edges, of a clause before, which a step only checks. None stands twice in one MATCH.
std::string QueryGenerator::KnownEdge(bool list) {
  std::vector<std::string> known;
  for (const Variable& variable : scope_) {
    const bool fits =
        list ? variable.kind == Kind::kList && variable.element == Kind::kEdge : variable.kind == Kind::kEdge;
    const bool used = std::find(known_edges_.begin(), known_edges_.end(), variable.name) != known_edges_.end();
    if (fits && !used) known.push_back(variable.name);
  }
  if (known.empty()) return {};
  known_edges_.push_back(random_.Pick(known));
  return known_edges_.back();
}

Fragment QueryGenerator::Relationship(Use use, Scope& declared) {
  const std::string left = random_.Chance(35) ? "<-" : "-";
  const std::string right = left == "-" && random_.Chance(60) ? "->" : "-";
  const bool undirected = left == "-" && right == "-";
  std::vector<Fragment> parts;
  std::string name;
  const bool var_length = var_lengths_left_ > 0 && random_.Chance(18);
  if (use == Use::kMatch && random_.Chance(var_length ? 35 : 7)) name = KnownEdge(var_length);
  if (name.empty() && use != Use::kPredicate && random_.Chance(55)) {
    name = NewName("r");
    declared.push_back(var_length ? Variable{name, Kind::kList, Kind::kEdge} : Variable{name, Kind::kEdge});
  }
  if (random_.Chance(50))
    parts.push_back(Removable(Fragment(random_.Pick({":R", ":R", ":S", ":T", ":R|S", ":S|T", ":Absent|R"}))));
  if (var_length) {
    --var_lengths_left_;
    const char* length = random_.Pick({"*0..2", "*1..3", "*..2", "*2", "*0..1", "*2..3", "*0"});
    if (!undirected && random_.Chance(10)) length = "*";
    parts.emplace_back(length);
  }
  if (random_.Chance(60)) {
    parts.push_back(Properties({}));
  }
  Fragment inner = ListOf(left + "[" + name, std::move(parts), "", "]" + right);
  inner.stays = true;
  return inner;
}

// ---- Patterns in expressions ----------------------------------------------------------------------------------------

Fragment QueryGenerator::PatternPredicate() {
  Scope none;
  return Part(Use::kPredicate, none);
}

Fragment QueryGenerator::ExistsSubquery(int depth) {
  const Scope outer = scope_;
  Scope declared;
  Fragment part = Part(Use::kComprehension, declared);
  scope_.insert(scope_.end(), declared.begin(), declared.end());
  Fragment where;
  if (random_.Chance(50)) where = Removable(ListOf(" WHERE ", {SimpleBoolean(depth - 1)}, ""));
  scope_ = outer;
  return ListOf(random_.Chance(60) ? "EXISTS { MATCH " : "EXISTS { ", {std::move(part), std::move(where)}, "", " }");
}

Fragment QueryGenerator::PatternComprehension() {
  const Scope outer = scope_;
  Scope declared;
  Fragment part = Part(Use::kComprehension, declared);
  scope_.insert(scope_.end(), declared.begin(), declared.end());
  Fragment where;
  if (random_.Chance(40)) where = Removable(ListOf(" WHERE ", {SimpleBoolean(1)}, ""));
  Fragment projection = Number(1);
  scope_ = outer;
  return ListOf("[", {std::move(part), std::move(where), ListOf(" | ", {std::move(projection)}, "")}, "", "]");
}

}  // namespace tupu
