#include "engine/verbs/path.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/verbs/entity.h"
#include "small_graph.h"

namespace tupu {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PathAnswer Ask(SmallGraph& graph, const std::string& from, const std::string& to, PathOptions options = {}) {
  Result<PathAnswer> answer = FindPaths(graph.View(), graph.Id(from), graph.Id(to), options);
  EXPECT_TRUE(answer.has_value()) << answer.error().message;
  return std::move(answer).value();
}

std::vector<std::string> Lines(const PathAnswer& answer) {
  std::vector<std::string> lines;
  for (const Path& path : answer.paths) {
    std::string line;
    for (const Vertex& vertex : path.vertices) line += (line.empty() ? "" : "-") + CaptionOf(vertex);
    lines.push_back(line);
  }
  return lines;
}

// Every simple path up to `most` edges, by depth-first search: lengths ascending.
std::vector<size_t> AllSimpleLengths(const std::vector<std::set<size_t>>& graph, size_t from, size_t to) {
  std::vector<size_t> lengths;
  std::vector<bool> used(graph.size());
  const std::function<void(size_t, size_t)> walk = [&](size_t at, size_t length) {
    if (at == to) {
      lengths.push_back(length);
      return;
    }
    used[at] = true;
    for (const size_t next : graph[at])
      if (!used[next]) walk(next, length + 1);
    used[at] = false;
  };
  walk(from, 0);
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

}  // namespace

TEST(FindPaths, GoesThroughCooperationInEitherDirection) {
  const PathAnswer answer = Ask(IndustryGraph(), "超图", "优锆科技");
  EXPECT_EQ(answer.tier, PathTier::kBonds);
  EXPECT_THAT(Lines(answer), ElementsAre("超图-华为-鹏城云脑-优锆科技"));
}

TEST(FindPaths, NamesTheWiderTierWhereOnlySegmentsConnect) {
  const PathAnswer answer = Ask(IndustryGraph(), "51WORLD", "超图");
  EXPECT_EQ(answer.tier, PathTier::kBusiness);
  EXPECT_THAT(Lines(answer), ElementsAre("51WORLD-数字孪生-超图"));
}

TEST(FindPaths, TakesAnythingLastAndNeverADocument) {
  const PathAnswer answer = Ask(IndustryGraph(), "孤岛科技", "超图");
  EXPECT_EQ(answer.tier, PathTier::kAnything);
  // 孤岛科技-report-超图 would be shorter.
  EXPECT_THAT(Lines(answer), ElementsAre("孤岛科技-北京-51WORLD-数字孪生-超图"));
}

TEST(FindPaths, PassesADocumentThatIsNamed) {
  EXPECT_THAT(Lines(Ask(IndustryGraph(), "孤岛科技", "report")), ElementsAre("孤岛科技-report"));
}

TEST(FindPaths, StaysWithTheTypesAskedFor) {
  PathOptions options;
  options.edges.family = "ownership";
  const PathAnswer answer = Ask(IndustryGraph(), "51WORLD", "超图", options);
  EXPECT_EQ(answer.tier, PathTier::kChosen);
  EXPECT_THAT(answer.paths, IsEmpty());
}

TEST(FindPaths, GivesTheEmptyPathFromAVertexToItself) {
  const PathAnswer answer = Ask(IndustryGraph(), "华为", "华为");
  ASSERT_THAT(answer.paths, SizeIs(1));
  EXPECT_THAT(answer.paths[0].edges, IsEmpty());
}

TEST(FindPaths, FindsTheShortestSimplePathsOfRandomGraphs) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    constexpr size_t kVertices = 7;
    SmallGraph graph(
        R"({"tupu_ontology": 1, "families": {"cooperation": {}}, "labels": {}, "edge_types": {"T": {"family": "cooperation"}}})");
    for (size_t i = 0; i < kVertices; ++i) graph.Add(std::to_string(i), {"X"});
    std::vector<std::set<size_t>> plain(kVertices);
    for (size_t i = 0; i < 11; ++i) {
      const size_t a = random() % kVertices;
      const size_t b = random() % kVertices;
      graph.Join(std::to_string(a), "T", std::to_string(b));  // loops and parallel edges as well
      if (a == b) continue;
      plain[a].insert(b);
      plain[b].insert(a);
    }
    std::vector<size_t> expected = AllSimpleLengths(plain, 0, kVertices - 1);
    for (const size_t count : {size_t{1}, size_t{4}, size_t{1000}}) {
      PathOptions options;
      options.count = count;
      const PathAnswer answer = Ask(graph, "0", std::to_string(kVertices - 1), options);
      std::vector<size_t> lengths;
      std::set<std::vector<VertexId>> distinct;
      for (const Path& path : answer.paths) {
        lengths.push_back(path.edges.size());
        std::vector<VertexId> ids;
        for (const Vertex& vertex : path.vertices) ids.push_back(vertex.id);
        EXPECT_EQ(std::set<VertexId>(ids.begin(), ids.end()).size(), ids.size()) << "not simple, seed " << seed;
        for (size_t i = 0; i < path.edges.size(); ++i) {
          const std::set<VertexId> ends = {path.edges[i].start, path.edges[i].end};
          EXPECT_EQ(ends, (std::set<VertexId>{ids[i], ids[i + 1]})) << "seed " << seed;
        }
        distinct.insert(std::move(ids));
      }
      EXPECT_EQ(distinct.size(), answer.paths.size()) << "seed " << seed;
      std::vector<size_t> wanted(expected.begin(),
                                 expected.begin() + static_cast<ptrdiff_t>(std::min(count, expected.size())));
      EXPECT_EQ(lengths, wanted) << "seed " << seed << ", count " << count;
    }
  }
}

}  // namespace tupu
