#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tupu/ids.h>
#include <tupu/result.h>

namespace tupu {

class Catalog;
class Ontology;

/// Checks encoded rows against the ontology. What it asks (labels, which properties there are, their types) is the same
/// for most rows, so each combination that passed once is remembered; only lists are looked into every time.
/// Threads: one at a time.
class OntologyRowCheck {
 public:
  /// Both must outlive it.
  OntologyRowCheck(const Ontology& ontology, const Catalog& catalog) : ontology_(ontology), catalog_(catalog) {}

  bool checks_vertices() const;
  /// `labels` must stay where it is: its address stands for the set. Errors: kConstraint.
  Status CheckVertex(const std::vector<LabelId>& labels, std::string_view row);
  /// True if the type is declared; otherwise there is nothing to check.
  bool IsDeclared(EdgeTypeId type);
  bool IsSymmetric(EdgeTypeId type);
  /// The labels are not looked at if the type may have any ends. Errors: kConstraint.
  Status CheckEdge(EdgeTypeId type, const std::vector<LabelId>* start, const std::vector<LabelId>* end,
                   std::string_view row);

 private:
  struct TypeFacts {
    bool declared = false;
    bool symmetric = false;
  };
  const TypeFacts& FactsOf(EdgeTypeId type);
  /// Appends what of a row the ontology looks at; false if it has a list.
  bool AppendSignature(std::string_view row);
  std::vector<std::string> NamesOf(const std::vector<LabelId>& labels) const;

  const Ontology& ontology_;
  const Catalog& catalog_;
  std::string signature_;
  std::unordered_set<std::string> passed_;
  std::unordered_map<uint32_t, TypeFacts> types_;
};

}  // namespace tupu
