#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tupu/ids.h>
#include <tupu/value.h>

#include "storage/graph/graph_store.h"
#include "storage/graph/graph_view.h"

namespace tupu::test {

/// An in-memory graph store filled by name. Every failure fails the test.
class SmallStore {
 public:
  /// `ontology`: JSON, or empty.
  explicit SmallStore(std::string_view ontology = "");

  /// In one transaction until Commit.
  VertexId AddVertex(const std::string& name, const std::vector<std::string>& labels);
  void AddEdge(const std::string& start, std::string_view type, const std::string& end,
               const std::vector<std::pair<std::string, Value>>& properties = {});
  void Commit();

  /// The last committed state.
  const GraphView& view() const { return *view_; }
  VertexId IdOf(const std::string& name) const { return ids_.at(name); }
  const std::string& NameOf(VertexId id) const { return names_.at(id); }

 private:
  GraphTransaction& transaction();

  std::unique_ptr<GraphStore> store_;
  std::unique_ptr<GraphTransaction> transaction_;
  std::shared_ptr<const GraphView> view_;
  std::map<std::string, VertexId> ids_;
  std::map<VertexId, std::string> names_;
};

}  // namespace tupu::test
