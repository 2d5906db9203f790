#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tupu/ids.h>

#include "storage/catalog/catalog.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// The table of a catalog that gives out `Id`.
inline const NameTable<LabelId>& TableOf(const Catalog& catalog, LabelId) {
  return catalog.labels();
}
inline const NameTable<EdgeTypeId>& TableOf(const Catalog& catalog, EdgeTypeId) {
  return catalog.edge_types();
}
inline const NameTable<PropertyKeyId>& TableOf(const Catalog& catalog, PropertyKeyId) {
  return catalog.property_keys();
}

/// A label, edge type or property key in a plan. Plans outlive the moment at which a name gets its id, so the id is
/// looked up when first needed, and again until it is there; ids never change, so a found one is kept.
/// Threads: safe. All uses must be with the catalog of one store.
template <class Id>
class CatalogName {
 public:
  explicit CatalogName(std::string name) : name_(std::move(name)) {}
  CatalogName(const CatalogName& other) : name_(other.name_) {}
  CatalogName& operator=(const CatalogName&) = delete;

  const std::string& name() const { return name_; }

  std::optional<Id> Find(const GraphView& view) const {
    const int64_t known = id_.load(std::memory_order_relaxed);
    if (known >= 0) return static_cast<Id>(known);
    const std::optional<Id> found = TableOf(view.catalog(), Id{}).Find(name_);
    if (found) id_.store(static_cast<int64_t>(ToInteger(*found)), std::memory_order_relaxed);
    return found;
  }

 private:
  std::string name_;
  mutable std::atomic<int64_t> id_{-1};
};

using LabelName = CatalogName<LabelId>;
using EdgeTypeName = CatalogName<EdgeTypeId>;
using PropertyKeyName = CatalogName<PropertyKeyId>;

/// The types of a pattern as ids. `any`: the pattern names none, every type fits. Not any and empty: none can match.
struct EdgeTypeSet {
  bool any = true;
  std::vector<EdgeTypeId> ids;

  bool MatchesNothing() const { return !any && ids.empty(); }
  bool Contains(EdgeTypeId type) const {
    if (any) return true;
    for (const EdgeTypeId id : ids)
      if (id == type) return true;
    return false;
  }
};

inline EdgeTypeSet ResolveTypes(const std::vector<EdgeTypeName>& names, const GraphView& view) {
  EdgeTypeSet set;
  set.any = names.empty();
  for (const EdgeTypeName& name : names) {
    const std::optional<EdgeTypeId> id = name.Find(view);
    if (id && (set.ids.empty() || !set.Contains(*id))) set.ids.push_back(*id);
  }
  return set;
}

}  // namespace tupu
