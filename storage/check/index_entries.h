#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalog/catalog.h"
#include "storage/check/check_graph.h"
#include "storage/keys/vertex_record.h"
#include "storage/ontology/ontology.h"

namespace tupu {

/// The index entries that a vertex record calls for: names, external id, declared keys (label sets are held apart).
/// Written apart from storage/graph/index_writer.cc on purpose: a mistake there must not hide itself here.
class IndexEntries {
 public:
  IndexEntries(const Ontology& ontology, const Catalog& catalog);

  /// Errors: kCorruption, for a row that cannot be decoded.
  Status Visit(VertexId vertex, const VertexRecordView& record,
               const std::function<void(std::string_view key, std::string_view value)>& visit) const;

 private:
  struct DeclaredKey {
    LabelId label;
    std::string name;
    std::vector<PropertyKeyId> properties;  // in the order of the declaration
  };

  bool Carries(const std::vector<LabelId>& labels, const DeclaredKey& key) const;

  const Ontology& ontology_;
  const Catalog& catalog_;
  std::vector<DeclaredKey> keys_;
};

/// Which promise an entry of keyspace index belongs to, by its key; kUnknownKey if nobody knows it.
Damage DamageOfIndexKey(std::string_view key);

}  // namespace tupu
