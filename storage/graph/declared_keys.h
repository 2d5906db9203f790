#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/catalog/catalog.h"
#include "storage/keys/vertex_record.h"
#include "storage/ontology/ontology.h"

namespace tupu {

/// A label whose key a vertex must keep unique, and the ids of the key's properties.
struct DeclaredKey {
  LabelId label;
  std::string name;
  std::vector<PropertyKeyId> properties;
};

/// The keys that the ontology declares; SetOntology put their names into the catalog. Borrows both.
class DeclaredKeys {
 public:
  DeclaredKeys(const Ontology& ontology, const Catalog& catalog);

  bool empty() const { return keys_.empty(); }
  const std::vector<DeclaredKey>& keys() const { return keys_; }

  /// Index keys of a vertex; those with a missing value are left out (the ontology's check reports them).
  Result<std::vector<std::pair<std::string, const DeclaredKey*>>> Of(const VertexRecordView& record) const;

  /// kConstraint: both vertices have the index key `key`, which Of made.
  Error Taken(std::string_view key, VertexId first, VertexId second) const;

 private:
  bool Applies(const DeclaredKey& key, const std::vector<LabelId>& labels) const;

  const Ontology& ontology_;
  const Catalog& catalog_;
  std::vector<DeclaredKey> keys_;
};

/// The index keys under which a vertex may stand whose values of the key of `label` equal `values`: several where equal
/// numbers have several stored forms (1, 1.0). nullopt: the ontology declares no such key, or a value is a list, whose elements
/// would multiply the forms. Empty: nothing equals a value.
std::optional<std::vector<std::string>> DeclaredKeyForms(const Ontology& ontology, const Catalog& catalog,
                                                         std::string_view label, std::span<const Value> values);

}  // namespace tupu
