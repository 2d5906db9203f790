#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loaders/load.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"
#include "storage/ontology/ontology.h"

namespace tupu {

/// A folder of files to load, and a store in memory to load them into.
class LoadTest : public ::testing::Test {
 protected:
  LoadTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("tupu_load_" + std::to_string(getpid()) + "_" + test->test_suite_name() + "_" + test->name()) / "set";
    std::filesystem::remove_all(folder_.parent_path());
    std::filesystem::create_directories(folder_);
    options_.report_file = (folder_.parent_path() / "report.csv").string();
    NewStore();
  }
  ~LoadTest() override { std::filesystem::remove_all(folder_.parent_path()); }

  void NewStore() {
    auto store = GraphStore::OpenInMemory();
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = std::move(*store);
  }

  std::string Write(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  Result<LoaderSummary> TryLoad(std::vector<std::string> paths = {}) {
    if (paths.empty()) paths = {folder_.string()};
    return LoadInto(*store_, paths, options_);
  }

  LoaderSummary Load(std::vector<std::string> paths = {}) {
    Result<LoaderSummary> summary = TryLoad(std::move(paths));
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    return summary.has_value() ? *summary : LoaderSummary();
  }

  /// The load fails, says `message` (a part), and leaves the graph as it was.
  void ExpectRefused(ErrorCode code, const std::string& message, std::vector<std::string> paths = {}) {
    const std::vector<std::string> before = Contents();
    const Result<LoaderSummary> summary = TryLoad(std::move(paths));
    ASSERT_FALSE(summary.has_value()) << "expected: " << message;
    EXPECT_EQ(summary.error().code, code) << summary.error().message;
    EXPECT_THAT(summary.error().message, ::testing::HasSubstr(message));
    EXPECT_EQ(Contents(), before);
  }

  /// The load writes nothing.
  void ExpectUnchanged(const LoaderSummary& again) {
    EXPECT_EQ(again.vertices_created + again.vertices_merged + again.edges_created + again.edges_merged, 0u);
  }

  /// The graph as sorted lines: "(group/id :A:B {k: v})" and "(group/id)-[T {k: v}]->(group/id)".
  std::vector<std::string> Contents() const {
    std::vector<std::string> lines;
    const auto view = *store_->Snapshot();
    const auto cursor = std::move(*view->ScanVertices(std::nullopt));
    std::array<VertexId, 64> batch;
    for (size_t size = *cursor->Next(batch); size > 0; size = *cursor->Next(batch)) {
      for (size_t i = 0; i < size; ++i) AddVertex(*view, batch[i], lines);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  static std::string IdOf(const GraphView& view, VertexId vertex) {
    const VertexRecord record = **view.FindVertex(vertex);
    return record.external_id ? record.external_id->group + "/" + record.external_id->id : "?";
  }

  static std::string Text(const GraphView& view, const Properties& properties) {
    std::map<std::string, std::string> named;
    for (const auto& [key, value] : properties)
      named[std::string(view.catalog().property_keys().GetName(key))] = value.ToString();
    std::string text;
    for (const auto& [name, value] : named) text += (text.empty() ? " {" : ", ") + name + ": " + value;
    return text.empty() ? text : text + "}";
  }

  static void AddVertex(const GraphView& view, VertexId vertex, std::vector<std::string>& lines) {
    const VertexRecord record = **view.FindVertex(vertex);
    std::set<std::string> labels;
    for (const LabelId label : record.labels) labels.emplace(view.catalog().labels().GetName(label));
    std::string line = "(" + IdOf(view, vertex);
    for (const std::string& label : labels) line += " :" + label;
    lines.push_back(line + Text(view, record.properties) + ")");
    std::vector<Neighbour> steps;
    ASSERT_TRUE(view.Expand(vertex, Direction::kOut, {}, steps).has_value());
    for (const Neighbour& step : steps) {
      const Properties properties = *view.EdgeProperties({step.edge, vertex, step.vertex, step.type});
      lines.push_back("(" + IdOf(view, vertex) + ")-[" + std::string(view.catalog().edge_types().GetName(step.type)) +
                      Text(view, properties) + "]->(" + IdOf(view, step.vertex) + ")");
    }
  }

  std::string Report() const {
    std::ifstream file(options_.report_file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
  std::unique_ptr<GraphStore> store_;
  LoaderOptions options_;
};

}  // namespace tupu
