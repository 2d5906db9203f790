#include "query/generated/random_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tupu {

namespace {

std::string AnyLiteral(Random& random) {
  switch (random.Below(6)) {
    case 0: return std::to_string(random.Between(0, 3));
    case 1: return random.Pick({"0.5", "1.0", "2.0"});
    case 2: return random.Pick({"'a'", "'b'", "''"});
    case 3: return random.Pick({"true", "false"});
    case 4: return random.Pick({"[]", "[1]", "[1, 2]"});
    default: return "1";
  }
}

std::vector<RandomGraph::Property> MakeProperties(Random& random, size_t number) {
  std::vector<RandomGraph::Property> properties{{"u", std::to_string(number)}};
  const auto add = [&](int percent, const char* key, std::string literal) {
    if (random.Chance(percent)) properties.emplace_back(key, std::move(literal));
  };
  add(75, "i", std::to_string(random.Between(-1, 4)));
  add(55, "f", random.Pick({"-1.5", "0.0", "0.5", "1", "1.0", "2", "2.5"}));
  add(60, "s", random.Pick({"'a'", "'b'", "'ab'", "'ba'", "''"}));
  add(75, "name", random.Pick({"'n1'", "'n2'", "'n3'", "'N1'", "'n 4'"}));
  add(50, "b", random.Pick({"true", "false"}));
  add(35, "l", random.Pick({"[]", "[1]", "[2, 1]", "[1, 2, 3]", "[3, 3]"}));
  add(60, "m", AnyLiteral(random));
  return properties;
}

std::string TextOf(const std::vector<RandomGraph::Property>& properties) {
  std::vector<std::string> entries;
  for (const auto& [key, literal] : properties) entries.push_back(key + ": " + literal);
  return entries.empty() ? "" : fmt::format(" {{{}}}", fmt::join(entries, ", "));
}

}  // namespace

RandomGraph RandomGraph::Make(Random& random) {
  RandomGraph graph;
  graph.vertices.resize(random.Below(random.Chance(10) ? 3 : 9) + (random.Chance(5) ? 0 : 1));
  for (size_t i = 0; i < graph.vertices.size(); ++i) {
    for (const char* label : {"A", "B", "C"})
      if (random.Chance(label[0] == 'A' ? 50 : 35)) graph.vertices[i].labels.emplace_back(label);
    graph.vertices[i].properties = MakeProperties(random, i);
  }
  const size_t edges = graph.vertices.empty() ? 0 : random.Below(2 * graph.vertices.size() + 2);
  for (size_t i = 0; i < edges; ++i) {
    Edge edge{random.Below(graph.vertices.size()), random.Below(graph.vertices.size()),
              random.Pick({"R", "R", "S", "T"}), MakeProperties(random, 100 + i)};
    if (i > 0 && random.Chance(15)) edge.start = graph.edges.back().start, edge.end = graph.edges.back().end;
    graph.edges.push_back(std::move(edge));
  }
  constexpr const char* kIndexes[] = {
      "CREATE INDEX a_i FOR (n:A) ON (n.i)",        "CREATE INDEX b_s FOR (n:B) ON (n.s)",
      "CREATE INDEX a_i_s FOR (n:A) ON (n.i, n.s)", "CREATE INDEX c_m FOR (n:C) ON (n.m)",
      "CREATE INDEX r_i FOR ()-[r:R]-() ON (r.i)",  "CREATE INDEX r_m FOR ()-[r:R]-() ON (r.m)",
      "CREATE INDEX s_u FOR ()-[r:S]-() ON (r.u)",  "CREATE CONSTRAINT b_u FOR (n:B) REQUIRE n.u IS UNIQUE",
      "CREATE INDEX a_f FOR (n:A) ON (n.f)",
  };
  if (random.Chance(60))
    for (const char* index : kIndexes)
      if (random.Chance(60)) graph.schema.emplace_back(index);
  graph.declares_key = random.Chance(20);
  return graph;
}

std::string RandomGraph::Script() const {
  std::string script;
  for (const std::string& statement : schema) script += statement + ";\n";
  std::vector<std::string> elements;
  for (size_t i = 0; i < vertices.size(); ++i) {
    std::string labels;
    for (const std::string& label : vertices[i].labels) labels += ":" + label;
    elements.push_back(fmt::format("(v{}{}{})", i, labels, TextOf(vertices[i].properties)));
  }
  for (const Edge& edge : edges)
    elements.push_back(fmt::format("(v{})-[:{}{}]->(v{})", edge.start, edge.type, TextOf(edge.properties), edge.end));
  if (!elements.empty()) script += fmt::format("CREATE {};\n", fmt::join(elements, ",\n       "));
  return script;
}

Result<std::unique_ptr<QueryFixture>> RandomGraph::Build() const {
  std::unique_ptr<QueryFixture> fixture = QueryFixture::Open();
  if (declares_key) {
    constexpr const char* kOntology = R"({"tupu_ontology": 1, "edge_types": {},
        "labels": {"A": {"key": ["u"], "properties": {"u": {"type": "int"}}}}})";
    const auto declare = [&]() -> Status {
      TUPU_TRY_ASSIGN(const auto transaction, fixture->store().BeginWrite());
      TUPU_TRY(transaction->SetOntology(kOntology));
      return transaction->Commit();
    };
    TUPU_TRY(declare());
  }
  const std::string script = Script();
  size_t begin = 0;
  for (size_t end = script.find(";\n"); end != std::string::npos; end = script.find(";\n", begin)) {
    TUPU_TRY(fixture->Run(script.substr(begin, end - begin)));
    begin = end + 2;
  }
  return fixture;
}

namespace {

void AddWithoutProperties(const RandomGraph& graph, std::vector<RandomGraph>& out) {
  for (size_t i = 0; i < graph.vertices.size(); ++i) {
    for (size_t j = 0; j < graph.vertices[i].properties.size(); ++j) {
      std::vector<RandomGraph::Property>& properties = out.emplace_back(graph).vertices[i].properties;
      properties.erase(properties.begin() + static_cast<std::ptrdiff_t>(j));
    }
    for (size_t j = 0; j < graph.vertices[i].labels.size(); ++j) {
      std::vector<std::string>& labels = out.emplace_back(graph).vertices[i].labels;
      labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
  for (size_t i = 0; i < graph.edges.size(); ++i) {
    for (size_t j = 0; j < graph.edges[i].properties.size(); ++j) {
      std::vector<RandomGraph::Property>& properties = out.emplace_back(graph).edges[i].properties;
      properties.erase(properties.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

}  // namespace

std::vector<RandomGraph> RandomGraph::Smaller() const {
  std::vector<RandomGraph> smaller;
  if (declares_key) smaller.emplace_back(*this).declares_key = false;
  for (size_t i = 0; i < schema.size(); ++i) {
    std::vector<std::string>& left = smaller.emplace_back(*this).schema;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (size_t i = 0; i < vertices.size(); ++i) {
    RandomGraph& graph = smaller.emplace_back(*this);
    std::erase_if(graph.edges, [&](const Edge& edge) { return edge.start == i || edge.end == i; });
    graph.vertices.erase(graph.vertices.begin() + static_cast<std::ptrdiff_t>(i));
    for (Edge& edge : graph.edges) {
      if (edge.start > i) --edge.start;
      if (edge.end > i) --edge.end;
    }
  }
  for (size_t i = 0; i < edges.size(); ++i) {
    std::vector<Edge>& left = smaller.emplace_back(*this).edges;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
  AddWithoutProperties(*this, smaller);
  return smaller;
}

}  // namespace tupu
