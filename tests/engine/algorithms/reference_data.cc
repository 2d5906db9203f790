#include "tests/engine/algorithms/reference_data.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tupu::test {
namespace {

std::string ReadAll(const std::string& path) {
  std::string text;
  const gzFile file = gzopen(path.c_str(), "rb");  // reads plain files as they are
  EXPECT_NE(file, nullptr) << path;
  if (file == nullptr) return text;
  char buffer[1 << 16];
  for (int read = 0; (read = gzread(file, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(read));
  gzclose(file);
  return text;
}

nlohmann::json ReadSummary(const std::string& folder) {
  return nlohmann::json::parse(ReadAll(folder + "/summary.json"));
}

void ExpectNear(double actual, double expected, double relative, const std::string& what) {
  EXPECT_LE(std::abs(actual - expected), relative * std::abs(expected))
      << what << ": " << actual << " for " << expected;
}

void ExpectTopAgrees(const std::string& path, const std::map<std::string, double>& scores, double relative) {
  const auto rows = ReadCsv(path);
  ASSERT_GT(rows.size(), 1u) << path;
  std::set<std::string> listed;
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto score = scores.find(rows[i][1]);
    ASSERT_NE(score, scores.end()) << path << ": " << rows[i][1];
    ExpectNear(score->second, std::stod(rows[i][2]), relative, path + ": " + rows[i][1]);
    listed.insert(rows[i][1]);
  }
  const double last = std::stod(rows.back()[2]);
  for (const auto& [id, score] : scores) {
    if (listed.count(id)) continue;
    EXPECT_LE(score, last + relative * std::abs(last)) << path << " should list " << id;
  }
}

void ExpectAllAgree(const std::string& path, const std::string& metric, const std::map<std::string, double>& scores,
                    double relative) {
  const auto rows = ReadCsv(path);
  const auto column = std::find(rows[0].begin(), rows[0].end(), metric) - rows[0].begin();
  ASSERT_LT(static_cast<size_t>(column), rows[0].size()) << path << " has no column " << metric;
  ASSERT_EQ(rows.size() - 1, scores.size());
  for (size_t i = 1; i < rows.size(); ++i)
    ExpectNear(scores.at(rows[i][0]), std::stod(rows[i][static_cast<size_t>(column)]), relative,
               metric + " of " + rows[i][0]);
}

}  // namespace

std::vector<std::vector<std::string>> ReadCsv(const std::string& path) {
  const std::string text = ReadAll(path);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string field;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      row.push_back(std::exchange(field, {}));
      if (c == '\n') rows.push_back(std::exchange(row, {}));
    } else if (c != '\r') {
      field += c;
    }
  }
  return rows;
}

std::string SharedDataSet(const std::string& name) {
  const std::string folder = std::string(TUPU_SHARED_DIR) + "/data/" + name;
  if (std::filesystem::exists(folder)) return folder;
  std::cout << "skipped: " << folder << " is not on this machine\n";
  return "";
}

EdgeList ReadEdgeList(const std::string& folder, const std::set<std::string>& types) {
  EdgeList edges;
  const auto add = [&edges](const std::string& id) {
    const auto [at, is_new] = edges.index.emplace(id, static_cast<VertexIndex>(edges.ids.size()));
    if (is_new) edges.ids.push_back(id);
    return at->second;
  };
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const std::string name = std::filesystem::path(file).filename().string();
    if (name.starts_with("nodes") && types.empty())
      for (const auto& row : ReadCsv(file))
        if (row[0] != "id:ID") add(row[0]);
    if (!name.starts_with("edges")) continue;
    for (const auto& row : ReadCsv(file)) {
      if (row[0] == ":START_ID" || (!types.empty() && !types.count(row[2]))) continue;
      const VertexIndex start = add(row[0]);
      edges.arcs.push_back({start, add(row[1]), 1.0});
    }
  }
  return edges;
}

namespace {

CsrGraph Build(const EdgeList& edges, std::vector<Arc> arcs, bool simple, bool symmetric) {
  if (simple) {
    std::erase_if(arcs, [](const Arc& arc) { return arc.start == arc.end; });
    if (symmetric)
      for (size_t i = 0, size = arcs.size(); i < size; ++i) arcs.push_back({arcs[i].end, arcs[i].start, 1.0});
    const auto key = [](const Arc& arc) { return std::pair(arc.start, arc.end); };
    std::sort(arcs.begin(), arcs.end(), [&](const Arc& a, const Arc& b) { return key(a) < key(b); });
    arcs.erase(std::unique(arcs.begin(), arcs.end(), [&](const Arc& a, const Arc& b) { return key(a) == key(b); }),
               arcs.end());
  }
  std::vector<VertexId> vertices;
  for (size_t i = 0; i < edges.ids.size(); ++i) vertices.push_back(VertexId{i});
  return CsrGraph::FromArcs(std::move(vertices), arcs, {.symmetric = symmetric, .with_in = true});
}

}  // namespace

CsrGraph AllRows(const EdgeList& edges) {
  return Build(edges, edges.arcs, false, false);
}
CsrGraph SimpleDirected(const EdgeList& edges) {
  return Build(edges, edges.arcs, true, false);
}
CsrGraph SimpleUndirected(const EdgeList& edges) {
  return Build(edges, edges.arcs, true, true);
}

void ExpectAgrees(const std::string& reference_folder, const std::string& metric,
                  const std::map<std::string, double>& scores, double relative) {
  const auto expected = ReadSummary(reference_folder).at("metrics").at(metric);
  double sum = 0, squares = 0, least = INFINITY, greatest = -INFINITY;
  uint64_t nonzero = 0;
  for (const auto& [id, score] : scores) {
    sum += score;
    squares += score * score;
    least = std::min(least, score);
    greatest = std::max(greatest, score);
    nonzero += score != 0.0;
  }
  ExpectNear(sum, expected.at("sum"), relative, metric + " sum");
  ExpectNear(squares, expected.at("sum_of_squares"), relative, metric + " sum of squares");
  ExpectNear(least, expected.at("min"), relative, metric + " least");
  ExpectNear(greatest, expected.at("max"), relative, metric + " greatest");
  EXPECT_EQ(nonzero, expected.at("nonzero").get<uint64_t>()) << metric;
  ExpectTopAgrees(reference_folder + "/top100_" + metric + ".csv", scores, relative);
  if (const std::string all = reference_folder + "/per_node.csv.gz"; std::filesystem::exists(all))
    ExpectAllAgree(all, metric, scores, relative);
}

void ExpectComponentsAgree(const std::string& reference_folder, const std::string& member,
                           const std::vector<uint64_t>& component_of_each_vertex) {
  const auto expected = ReadSummary(reference_folder).at(member);
  std::map<uint64_t, uint64_t> sizes;
  for (const uint64_t component : component_of_each_vertex) ++sizes[component];
  std::vector<uint64_t> largest;
  uint64_t squares = 0;
  for (const auto& [component, size] : sizes) {
    largest.push_back(size);
    squares += size * size;
  }
  std::sort(largest.rbegin(), largest.rend());
  largest.resize(std::min(largest.size(), expected.at("largest").size()));
  EXPECT_EQ(sizes.size(), expected.at("count").get<uint64_t>());
  EXPECT_EQ(squares, expected.at("sum_of_squares").get<uint64_t>());
  EXPECT_EQ(largest, expected.at("largest").get<std::vector<uint64_t>>());
}

std::map<std::string, double> ById(const EdgeList& edges, const std::vector<double>& scores) {
  std::map<std::string, double> by_id;
  for (size_t i = 0; i < edges.ids.size(); ++i) by_id.emplace(edges.ids[i], scores[i]);
  return by_id;
}

}  // namespace tupu::test
