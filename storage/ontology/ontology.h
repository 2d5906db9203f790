#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

enum class PropertyType : uint8_t {
  kString,
  kInteger,
  kFloat,
  kBoolean,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
};

struct PropertyRule {
  PropertyType type = PropertyType::kString;
  bool is_list = false;
  bool required = false;
};

/// "zh" -> "企业", "en" -> "Firm".
using DisplayNames = std::map<std::string, std::string, std::less<>>;

struct LabelRule {
  std::vector<std::string> parents;
  std::map<std::string, PropertyRule, std::less<>> properties;
  std::vector<std::string> key;  // unique together and required; empty: none
  DisplayNames display;
};

struct EdgeTypeRule {
  std::vector<std::pair<std::string, std::string>> ends;  // allowed (from, to) labels; empty: any
  bool symmetric = false;
  bool via_end = false;                         // two starts of one end are related via it
  std::string family;                           // empty: none
  std::optional<std::vector<std::string>> key;  // properties that, with both ends, make two edges one fact
  std::map<std::string, PropertyRule, std::less<>> properties;
  std::string share_property;  // "" if none; also share_unit, weight_property
  std::string share_unit;
  std::string weight_property;
  std::string weight_unit;
  DisplayNames display;
};

/// What an ontology file declares; all names are texts. Immutable after Parse.
/// Open world: what is not declared is allowed.
class Ontology {
 public:
  Ontology() = default;

  /// Reads `ontology.json`. Errors: kInvalidArgument with the member's path ("edge_types.ACQUIRED.ends[0]") for a wrong
  /// form or an unknown reference; kUnsupported by name for a member that this version does not enforce.
  static Result<Ontology> Parse(std::string_view json);

  bool empty() const { return labels_.empty() && edge_types_.empty(); }
  const std::string& data_set() const { return data_set_; }
  const std::string& json() const { return json_; }  // the text it was parsed from
  const std::map<std::string, LabelRule, std::less<>>& labels() const { return labels_; }
  const std::map<std::string, EdgeTypeRule, std::less<>>& edge_types() const { return edge_types_; }
  const std::map<std::string, DisplayNames, std::less<>>& families() const { return families_; }

  const LabelRule* FindLabel(std::string_view label) const;
  const EdgeTypeRule* FindEdgeType(std::string_view type) const;
  /// The types of a family, sorted; empty for an unknown family.
  std::vector<std::string> EdgeTypesOfFamily(std::string_view family) const;
  /// True if `label` is `ancestor` or stands below it.
  bool IsA(std::string_view label, std::string_view ancestor) const;
  bool IsSymmetric(std::string_view type) const;

  /// What a vertex or an edge must fulfil: required and typed properties (of its labels and their parents), allowed ends.
  /// Errors: kConstraint, saying which rule and how to mend it. Keys are checked by the graph store, which has the index.
  Status CheckVertex(const std::vector<std::string>& labels, const Map& properties) const;
  Status CheckEdge(std::string_view type, const std::vector<std::string>& start_labels,
                   const std::vector<std::string>& end_labels, const Map& properties) const;

  /// The name of `label`, type or family in `language`, or the name itself.
  std::string DisplayOfLabel(std::string_view label, std::string_view language) const;
  std::string DisplayOfEdgeType(std::string_view type, std::string_view language) const;

 private:
  friend class OntologyParser;
  std::string json_;
  std::string data_set_;
  std::map<std::string, LabelRule, std::less<>> labels_;
  std::map<std::string, EdgeTypeRule, std::less<>> edge_types_;
  std::map<std::string, DisplayNames, std::less<>> families_;
};

}  // namespace tupu
