#include "engine/verbs/edge_scope.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/base/similar.h"
#include "storage/catalog/catalog.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

std::vector<std::string> KnownTypes(const GraphView& view) {
  std::vector<std::string> known;
  for (const auto& [name, rule] : view.ontology().edge_types()) known.push_back(name);
  const auto& table = view.catalog().edge_types();
  for (size_t i = 0; i < table.size(); ++i) known.emplace_back(table.GetName(static_cast<EdgeTypeId>(i)));
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

std::vector<std::string> KnownFamilies(const Ontology& ontology) {
  std::vector<std::string> known;
  for (const auto& [type, rule] : ontology.edge_types())
    if (!rule.family.empty()) known.push_back(rule.family);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

Error UnknownWord(std::string_view what, std::string_view word, std::vector<std::string> known) {
  return {.code = ErrorCode::kNotFound,
          .message = fmt::format("there is no {} {}", what, word),
          .hint = SuggestName(word, std::move(known))};
}

void AddType(const GraphView& view, std::string_view name, EdgeScope& scope) {
  const std::optional<EdgeTypeId> id = view.catalog().edge_types().Find(name);
  if (!id) return;  // declared, and no edge has it yet
  const EdgeTypeRule* rule = view.ontology().FindEdgeType(name);
  (rule != nullptr && rule->via_end ? scope.projected : scope.direct).push_back(*id);
}

Status AddNamedTypes(const GraphView& view, const std::vector<std::string>& types, EdgeScope& scope) {
  for (const std::string& type : types) {
    if (!view.catalog().edge_types().Find(type) && view.ontology().FindEdgeType(type) == nullptr)
      return UnknownWord("edge type", type, KnownTypes(view));
    AddType(view, type, scope);
  }
  return {};
}

void SortScope(EdgeScope& scope) {
  for (auto* types : {&scope.direct, &scope.projected}) {
    std::sort(types->begin(), types->end());
    types->erase(std::unique(types->begin(), types->end()), types->end());
  }
}

}  // namespace

std::vector<EdgeTypeId> EdgeScope::All() const {
  std::vector<EdgeTypeId> all;
  std::merge(direct.begin(), direct.end(), projected.begin(), projected.end(), std::back_inserter(all));
  return all;
}

Result<EdgeScope> ResolveEdgeScope(const GraphView& view, const EdgeChoice& choice,
                                   std::span<const std::string_view> default_families) {
  if (!choice.types.empty() && !choice.family.empty())
    return Error{ErrorCode::kInvalidArgument, "give edge types or a family, not both"};
  EdgeScope scope;
  TUPU_TRY(AddNamedTypes(view, choice.types, scope));
  if (!choice.family.empty()) {
    const std::vector<std::string> types = view.ontology().EdgeTypesOfFamily(choice.family);
    if (types.empty()) return UnknownWord("family", choice.family, KnownFamilies(view.ontology()));
    for (const std::string& type : types) AddType(view, type, scope);
  }
  if (choice.empty()) {
    size_t declared = 0;
    for (const std::string_view family : default_families) {
      for (const std::string& type : view.ontology().EdgeTypesOfFamily(family)) {
        AddType(view, type, scope);
        ++declared;
      }
    }
    if (declared == 0) {
      return Error{.code = ErrorCode::kNotFound,
                   .message = fmt::format("the ontology declares no edge type of the family {}",
                                          fmt::join(default_families, " or ")),
                   .hint = "name the edge types with --types, or load an ontology that gives them a family"};
    }
  }
  SortScope(scope);
  return scope;
}

EdgeScope WholeEdgeScope(const GraphView& view) {
  EdgeScope scope;
  for (size_t i = 0; i < view.catalog().edge_types().size(); ++i) scope.direct.push_back(static_cast<EdgeTypeId>(i));
  return scope;
}

}  // namespace tupu
