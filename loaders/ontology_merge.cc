#include "loaders/ontology_merge.h"

#include <nlohmann/json.hpp>

#include "storage/base/check.h"

namespace tupu {
namespace {

using Json = nlohmann::ordered_json;

Json ParseAccepted(std::string_view text) {
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  TUPU_CHECK(json.is_object());
  return json;
}

bool DeclaresNothing(const Json& ontology) {
  for (const char* member : {"labels", "edge_types", "families"}) {
    if (ontology.contains(member) && !ontology[member].empty()) return false;
  }
  return true;
}

}  // namespace

std::string MergeOntologies(std::string_view stored, std::string_view added) {
  if (added.empty()) return std::string(stored);
  const Json news = ParseAccepted(added);
  if (DeclaresNothing(news)) return std::string(stored);  // such a file only names its data set
  if (stored.empty()) return std::string(added);
  Json merged = ParseAccepted(stored);
  bool changed = false;
  for (const char* member : {"labels", "edge_types", "families"}) {
    if (!news.contains(member)) continue;
    for (const auto& [name, declaration] : news[member].items()) {
      // Compared without regard to the order of members.
      const bool same = merged.contains(member) && merged[member].contains(name) &&
                        nlohmann::json(merged[member][name]) == nlohmann::json(declaration);
      if (same) continue;
      merged[member][name] = declaration;
      changed = true;
    }
  }
  return changed ? merged.dump(2) : std::string(stored);
}

}  // namespace tupu
