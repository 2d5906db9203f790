#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "storage/csr/csr_graph.h"

namespace tupu::test {

/// Fields of one CSV file (.gz allowed) by row; quotes as in RFC 4180. Fails the test when it cannot be read.
std::vector<std::vector<std::string>> ReadCsv(const std::string& path);

/// Where the shared data lie, or "" (with a message on stdout) when they are not on this machine.
std::string SharedDataSet(const std::string& name);

/// The edges of a data set folder in neo4j-admin CSV, read without any code of ours.
struct EdgeList {
  std::vector<std::string> ids;  // of all vertices, or of those the edges touch; by VertexIndex
  std::map<std::string, VertexIndex> index;
  std::vector<Arc> arcs;  // one per row, in the direction of the file
};

/// `types` empty: all vertices and edges; else only the edges of these types and the vertices they touch.
EdgeList ReadEdgeList(const std::string& folder, const std::set<std::string>& types);

/// How rows become a graph: as written, or with parallel rows merged and self loops dropped, or undirected besides.
CsrGraph AllRows(const EdgeList& edges);
CsrGraph SimpleDirected(const EdgeList& edges);
CsrGraph SimpleUndirected(const EdgeList& edges);

/// Compares `score(id)` for the ids of a set with one metric of a reference folder: every row of top100_<metric>.csv
/// and of per_node.csv.gz where there is one, the sum, sum of squares, extremes and number of non-zeros of
/// summary.json; nothing outside of the top 100 may exceed them. `relative` bounds the difference against the reference
/// value.
void ExpectAgrees(const std::string& reference_folder, const std::string& metric,
                  const std::map<std::string, double>& scores, double relative = 1e-9);

/// Counts and largest of wcc or scc, as in summary.json; `member` is "weakly_connected_components" or the strong one.
void ExpectComponentsAgree(const std::string& reference_folder, const std::string& member,
                           const std::vector<uint64_t>& component_of_each_vertex);

/// Scores by id.
std::map<std::string, double> ById(const EdgeList& edges, const std::vector<double>& scores);

}  // namespace tupu::test
