#include "engine/algorithms/internal/slice_selection.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "storage/base/similar.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"
#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

constexpr std::string_view kSourceLabel = "Source";

template <class Id>
std::vector<std::string> NamesOf(const NameTable<Id>& table) {
  std::vector<std::string> names;
  for (size_t id = 0; id < table.size(); ++id) names.emplace_back(table.GetName(static_cast<Id>(id)));
  return names;
}

/// Names that the data use and names that the ontology declares, each once.
template <class Id, class Rules>
std::vector<std::string> KnownNames(const NameTable<Id>& table, const Rules& declared) {
  const std::vector<std::string> stored = NamesOf(table);
  std::set<std::string> names(stored.begin(), stored.end());
  for (const auto& [name, rule] : declared) names.insert(name);
  return {names.begin(), names.end()};
}

Error Unknown(std::string_view kind, std::string_view name, std::vector<std::string> known) {
  return {.code = ErrorCode::kNotFound,
          .message = fmt::format("unknown {} \"{}\"", kind, name),
          .hint = SuggestName(name, std::move(known))};
}

Status SelectLabels(const GraphView& view, const SliceRequest& request, SliceSelection& selection) {
  const auto& table = view.catalog().labels();
  const auto& names = request.labels;
  if (std::find(names.begin(), names.end(), kSourceLabel) == names.end()) selection.left_out = table.Find(kSourceLabel);
  if (names.empty()) return {};
  selection.labels.emplace();
  for (const std::string& name : names) {
    if (const auto id = table.Find(name))
      selection.labels->push_back(*id);
    else if (view.ontology().FindLabel(name) == nullptr)
      return Unknown("label", name, KnownNames(table, view.ontology().labels()));
  }
  return {};
}

/// The names of the edge types asked for, each known to the data or to the ontology.
Result<std::vector<std::string>> TypeNames(const GraphView& view, const SliceRequest& request) {
  const auto& table = view.catalog().edge_types();
  const Ontology& ontology = view.ontology();
  if (!request.family.empty()) {
    if (!request.types.empty())
      return Error{ErrorCode::kInvalidArgument, "name edge types or a family, not both: a family stands for its types"};
    std::vector<std::string> names = ontology.EdgeTypesOfFamily(request.family);
    if (!names.empty() || ontology.families().count(request.family) != 0) return names;
    std::set<std::string> families;
    for (const auto& [name, display] : ontology.families()) families.insert(name);
    for (const auto& [name, rule] : ontology.edge_types()) families.insert(rule.family);
    families.erase("");
    if (families.empty())
      return Error{
          ErrorCode::kNotFound,
          fmt::format("unknown family \"{}\": the data declare no ontology; name edge types instead", request.family)};
    return Unknown("family", request.family, {families.begin(), families.end()});
  }
  if (request.types.empty()) return NamesOf(table);
  for (const std::string& name : request.types)
    if (!table.Find(name) && ontology.FindEdgeType(name) == nullptr)
      return Unknown("edge type", name, KnownNames(table, ontology.edge_types()));
  return request.types;
}

/// The property that weighs edges of this type, if the request asks for weights and the data have it.
std::optional<PropertyKeyId> WeightOf(const GraphView& view, const SliceRequest& request, const EdgeTypeRule* rule) {
  std::string name = request.weight_property;
  if (request.declared_weight && rule != nullptr)
    name = rule->weight_property.empty() ? rule->share_property : rule->weight_property;
  if (name.empty()) return std::nullopt;
  return view.catalog().property_keys().Find(name);
}

Status SelectTypes(const GraphView& view, const SliceRequest& request, SliceSelection& selection) {
  const bool via = request.via.value_or(!request.family.empty());
  TUPU_TRY_ASSIGN(const std::vector<std::string> names, TypeNames(view, request));
  std::vector<std::string> families;
  for (const std::string& name : names) {
    const auto id = view.catalog().edge_types().Find(name);
    if (!id) continue;  // declared, and no edge has it
    const EdgeTypeRule* rule = view.ontology().FindEdgeType(name);
    SelectedType type{.id = *id, .weight = WeightOf(view, request, rule)};
    if (rule != nullptr) {
      type.symmetric = rule->symmetric;
      type.via = via && rule->via_end;
      const auto family = std::find(families.begin(), families.end(), rule->family);
      type.family = static_cast<uint32_t>(family - families.begin());
      if (family == families.end()) families.push_back(rule->family);
    }
    selection.types.push_back(type);
  }
  const auto by_id = [](const SelectedType& a, const SelectedType& b) { return a.id < b.id; };
  std::sort(selection.types.begin(), selection.types.end(), by_id);
  const auto same_id = [](const SelectedType& a, const SelectedType& b) { return a.id == b.id; };
  selection.types.erase(std::unique(selection.types.begin(), selection.types.end(), same_id), selection.types.end());
  return {};
}

Status CheckWeight(const GraphView& view, const SliceRequest& request) {
  if (!request.weight_property.empty() && request.declared_weight)
    return Error{ErrorCode::kInvalidArgument, "name a weight property or ask for the declared one, not both"};
  if (!(request.default_weight >= 0.0) || !std::isfinite(request.default_weight))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the default weight must be a finite number, 0 or more; it is {}", request.default_weight)};
  const auto& keys = view.catalog().property_keys();
  if (!request.weight_property.empty() && !keys.Find(request.weight_property))
    return Unknown("weight property", request.weight_property, NamesOf(keys));
  return {};
}

}  // namespace

Result<SliceSelection> SelectSlice(const GraphView& view, const SliceRequest& request) {
  SliceSelection selection;
  TUPU_TRY(SelectLabels(view, request, selection));
  TUPU_TRY(CheckWeight(view, request));
  TUPU_TRY(SelectTypes(view, request, selection));
  selection.isolated = request.isolated.value_or(request.types.empty() && request.family.empty());
  selection.weighted = !request.weight_property.empty() || request.declared_weight;
  return selection;
}

}  // namespace tupu
