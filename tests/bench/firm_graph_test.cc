#include "tests/bench/firm_graph.h"

#include <set>
#include <unordered_map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

/// FNV-1a over all files of the set, with their names.
uint64_t ChecksumOf(const FirmGraph& graph) {
  uint64_t hash = 0xcbf29ce484222325ull;
  const auto add = [&](std::string_view text) -> Status {
    for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ull;
    return {};
  };
  for (const FirmLabelShare& label : kFirmLabels) {
    EXPECT_TRUE(add(label.file));
    EXPECT_TRUE(WriteFirmVertices(graph, label, add));
  }
  for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
    EXPECT_TRUE(add(kFirmEdgeTypes[type].file));
    EXPECT_TRUE(WriteFirmEdges(graph, type, add));
  }
  return hash;
}

TEST(FirmGraph, SameSeedGivesTheSameBytesEverywhere) {
  EXPECT_EQ(ChecksumOf(FirmGraph({.edges = 10'000, .seed = 1})), 8779584963986530805ull);
}

TEST(FirmGraph, AnotherSeedGivesAnotherGraph) {
  EXPECT_NE(ChecksumOf(FirmGraph({.edges = 1'000, .seed = 1})), ChecksumOf(FirmGraph({.edges = 1'000, .seed = 2})));
}

TEST(FirmGraph, SharesAreThoseOfTheBenchmark) {
  const FirmGraph graph({.edges = 1'000'000, .seed = 1});
  EXPECT_EQ(graph.vertices(), 100'000u);
  std::vector<uint64_t> vertices;
  for (const FirmLabelShare& label : kFirmLabels) vertices.push_back(graph.CountOf(label.label));
  EXPECT_THAT(vertices, ::testing::ElementsAre(70'000, 28'000, 400, 600, 1'000));
  std::vector<uint64_t> edges;
  for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) edges.push_back(graph.EdgesOf(type));
  EXPECT_THAT(edges, ::testing::ElementsAre(300'000, 250'000, 150'000, 120'000, 90'000, 70'000, 20'000));
}

TEST(FirmGraph, NamesAreUniqueAndOfBothLanguages) {
  const FirmGraph graph({.edges = 10'000, .seed = 1});
  std::set<std::string> names;
  size_t chinese = 0;
  std::string name;
  for (const FirmLabelShare& label : kFirmLabels) {
    for (uint64_t i = 0; i < graph.CountOf(label.label); ++i) {
      graph.NameOf(label.label, i, name);
      EXPECT_TRUE(names.insert(name).second) << name;
      if (static_cast<unsigned char>(name[0]) >= 0x80) ++chinese;
    }
  }
  EXPECT_NEAR(static_cast<double>(chinese) / static_cast<double>(names.size()), 0.5, 0.01);
}

TEST(FirmGraph, EndsHaveTheirLabelsAndNoEdgeIsALoop) {
  const FirmGraph graph({.edges = 10'000, .seed = 3});
  const uint64_t firms = graph.CountOf(FirmLabel::kFirm);
  for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
    const FirmLabel end = kFirmEdgeTypes[type].end;
    for (uint64_t i = 0; i < graph.EdgesOf(type); ++i) {
      const FirmGraph::Edge edge = graph.EdgeAt(type, i);
      EXPECT_LT(edge.start, firms);
      EXPECT_NE(edge.start, edge.end);
      EXPECT_GE(edge.end, graph.FirstIdOf(end));
      EXPECT_LT(edge.end, graph.FirstIdOf(end) + graph.CountOf(end));
    }
  }
}

TEST(FirmGraph, DegreesFollowAPowerLaw) {
  const FirmGraph graph({.edges = 100'000, .seed = 1});
  std::unordered_map<uint64_t, uint64_t> out;
  for (uint64_t i = 0; i < graph.EdgesOf(0); ++i) ++out[graph.EdgeAt(0, i).start];
  uint64_t greatest = 0;
  for (const auto& [firm, degree] : out) greatest = std::max(greatest, degree);
  const double mean = static_cast<double>(graph.EdgesOf(0)) / static_cast<double>(graph.CountOf(FirmLabel::kFirm));
  EXPECT_GT(static_cast<double>(greatest), 50 * mean);
}

}  // namespace
}  // namespace tupu
