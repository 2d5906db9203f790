#include "engine/export/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/export/entity_lines.h"
#include "engine/verbs/entity.h"
#include "small_graph.h"
#include "storage/catalog/catalog.h"

namespace tupu {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Names(const Picture& picture) {
  std::vector<std::string> names;
  for (const Vertex& vertex : picture.vertices) names.push_back(CaptionOf(vertex));
  return names;
}

// A picture that an answer holds, or a failed test.
Picture Require(Result<Picture> picture) {
  EXPECT_TRUE(picture.has_value()) << picture.error().message;
  return std::move(picture).value();
}

EdgeTypeId Type(const char* name) {
  return *IndustryGraph().View().catalog().edge_types().Find(name);
}

}  // namespace

TEST(PictureOfNeighbourhood, HoldsTheEdgesAmongNeighboursAndNoDocuments) {
  SmallGraph& graph = IndustryGraph();
  const Picture picture = Require(PictureOfNeighbourhood(graph.View(), graph.Id("华为"), {}));
  EXPECT_THAT(Names(picture), ElementsAre("华为", "超图", "寒武纪", "鹏城云脑"));
  EXPECT_THAT(picture.edges, SizeIs(3));
  EXPECT_THAT(picture.highlights, ElementsAre(graph.Id("华为")));
}

TEST(PictureOfNeighbourhood, GoesAsFarAsAskedOverTheTypesAskedFor) {
  SmallGraph& graph = IndustryGraph();
  NeighbourhoodOptions options;
  options.depth = 2;
  options.types = {Type("CO_BUILDS")};
  EXPECT_THAT(Names(Require(PictureOfNeighbourhood(graph.View(), graph.Id("华为"), options))),
              ElementsAre("华为", "优锆科技", "鹏城云脑"));
  options.limit = 2;
  EXPECT_THAT(Names(Require(PictureOfNeighbourhood(graph.View(), graph.Id("华为"), options))),
              ElementsAre("华为", "鹏城云脑"));
}

TEST(PictureOfSlice, KeepsLabelsAndTypes) {
  SmallGraph& graph = IndustryGraph();
  SliceOptions options;
  options.labels = {"Segment", "Firm"};
  options.types = {Type("OPERATES_IN")};
  const Picture picture = Require(PictureOfSlice(graph.View(), options));
  EXPECT_THAT(Names(picture), ElementsAre("超图", "寒武纪", "51WORLD", "数字孪生", "智慧城市"));
  EXPECT_THAT(picture.edges, SizeIs(4));
}

TEST(PictureOfSlice, RefusesAnUnknownLabel) {
  SliceOptions options;
  options.labels = {"Company"};
  const Result<Picture> picture = PictureOfSlice(IndustryGraph().View(), options);
  ASSERT_FALSE(picture.has_value());
  EXPECT_EQ(picture.error().code, ErrorCode::kNotFound);
}

TEST(VisitSlice, WalksTheWholeGraphOnceWithItsDocuments) {
  SmallGraph& graph = IndustryGraph();
  SliceOptions options;
  options.sources = true;
  uint64_t vertices = 0;
  uint64_t edges = 0;
  const Status done = VisitSlice(
      graph.View(), options,
      [&](const Vertex&) {
        ++vertices;
        return Status();
      },
      [&](const Edge&) {
        ++edges;
        return Status();
      });
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(vertices, graph.View().CountVertices(std::nullopt));
  EXPECT_EQ(edges, graph.View().CountEdges(std::nullopt));
}

TEST(PictureOfRows, FindsEntitiesInListsMapsAndPathsAndReadsMissingEnds) {
  SmallGraph& graph = IndustryGraph();
  const Picture around = Require(PictureOfNeighbourhood(graph.View(), graph.Id("华为"), {}));
  const Edge& edge = around.edges.front();
  const Vertex region = *ReadVertex(graph.View(), graph.Id("北京"));
  const Picture picture = Require(PictureOfRows(
      graph.View(), {{Value(List{Value(Map{{"r", Value(edge)}})}), Value("text")}, {Value(region), Value()}}));
  EXPECT_THAT(picture.vertices, SizeIs(3));
  EXPECT_THAT(picture.edges, SizeIs(1));
}

TEST(PictureOfRows, IsEmptyWithoutEntities) {
  const Picture picture = Require(PictureOfRows(IndustryGraph().View(), {{Value(1), Value("x")}}));
  EXPECT_THAT(picture.vertices, IsEmpty());
}

TEST(EntityLines, PutTheKindFirst) {
  EXPECT_EQ(NodeLine(Vertex{VertexId{7}, {"Firm"}, {{"name", Value("华为")}}}).find("{\"kind\":\"node\",\"id\""), 0u);
  const std::string line = RelationshipLine(Edge{EdgeId{1}, "ACQUIRED", VertexId{2}, VertexId{3}, {}});
  EXPECT_EQ(line.find("{\"kind\":\"relationship\",\"id\""), 0u);
  EXPECT_NE(line.find("\"type\""), std::string::npos);
}

}  // namespace tupu
