#pragma once

#include <string>
#include <utility>
#include <vector>

#include "query/generated/random.h"
#include "query/query_fixture.h"

namespace tupu {

/// A small graph as it is written, so that it can be printed, and be made smaller.
///
/// Labels A, B, C; types R, S, T; loops and parallel edges. Every vertex and edge has a number `u` of its own; by chance it has
///   i integer   f number   s, name string   b boolean   l list of integers   m any of these
/// and no value where chance says so.
struct RandomGraph {
  using Property = std::pair<std::string, std::string>;  // key, literal
  struct Vertex {
    std::vector<std::string> labels;
    std::vector<Property> properties;
  };
  struct Edge {
    size_t start = 0;
    size_t end = 0;
    std::string type;
    std::vector<Property> properties;
  };

  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
  std::vector<std::string> schema;  // CREATE INDEX ...
  bool declares_key = false;        // `u` is the declared key of label A

  static RandomGraph Make(Random& random);

  /// Statements, each ended by ";\n".
  std::string Script() const;
  /// A store in memory that holds it; or why the statements fail.
  Result<std::unique_ptr<QueryFixture>> Build() const;

  /// Graphs that are one step smaller: without an index, an edge, a vertex and its edges, a property, a label.
  std::vector<RandomGraph> Smaller() const;
};

}  // namespace tupu
