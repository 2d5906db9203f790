#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalog/catalog.h"
#include "storage/catalog/index_catalog.h"
#include "storage/check/check_graph.h"
#include "storage/keys/vertex_record.h"
#include "storage/ontology/ontology.h"

namespace tupu {

/// The index entries that the records call for: names, external ids, declared keys, property indexes that are online (label
/// sets are held apart). Written apart from what a commit does on purpose: a mistake there must not hide itself here.
class IndexEntries {
 public:
  using Visit = std::function<void(std::string_view key, std::string_view value)>;

  IndexEntries(const Ontology& ontology, const Catalog& catalog, const IndexCatalog& indexes);

  /// Errors: kCorruption, for a row that cannot be decoded.
  Status VisitVertex(VertexId vertex, const VertexRecordView& record, const Visit& visit) const;
  Status VisitEdge(const EdgeReference& edge, const Properties& properties, const Visit& visit) const;
  bool has_edge_indexes() const { return !edge_indexes_.empty(); }

 private:
  struct DeclaredKey {
    LabelId label;
    std::string name;
    std::vector<PropertyKeyId> properties;  // in the order of the declaration
  };

  bool Carries(const std::vector<LabelId>& labels, const DeclaredKey& key) const;
  Status VisitDeclaredKeys(VertexId vertex, const VertexRecordView& record, const Visit& visit) const;

  const Ontology& ontology_;
  const Catalog& catalog_;
  std::vector<DeclaredKey> keys_;
  std::vector<IndexDefinition> vertex_indexes_;
  std::vector<IndexDefinition> edge_indexes_;
};

/// Which promise an entry of keyspace index belongs to, by its key; kUnknownKey if nobody knows it.
Damage DamageOfIndexKey(std::string_view key);

}  // namespace tupu
