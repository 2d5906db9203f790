#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/graph/graph_store.h"

namespace tupu {

/// A small graph for tests, written vertex by vertex; vertices are called by their `name`.
///
///     SmallGraph graph;
///     graph.Add("华为", {"Organization", "Firm"});
///     graph.Join("华为", "PARTNERS_WITH", "超图", {{"about", "GIS"}});
class SmallGraph {
 public:
  /// In memory, with an ontology of the families that verbs read.
  SmallGraph();
  explicit SmallGraph(std::string_view ontology);

  VertexId Add(const std::string& name, const std::vector<std::string>& labels = {"Organization", "Firm"},
               const Map& properties = {});
  void Join(const std::string& start, const std::string& type, const std::string& end, const Map& properties = {});

  /// Commits what was written; the state until the next call of it.
  const GraphView& View();
  VertexId Id(const std::string& name) const { return ids_.at(name); }

 private:
  GraphTransaction& Writer();

  std::unique_ptr<GraphStore> store_;
  std::unique_ptr<GraphTransaction> transaction_;
  std::shared_ptr<const GraphView> view_;
  std::map<std::string, VertexId> ids_;
};

/// A slice of the smart-city industry: 华为, 腾讯 with its brand 腾讯云, two centres with several builders, an alliance, two
/// firms that meet only in a segment, and two vertices of one name.
SmallGraph& IndustryGraph();

}  // namespace tupu
