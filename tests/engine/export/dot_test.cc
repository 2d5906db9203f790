#include "engine/export/dot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/export/dot_text.h"
#include "engine/export/picture_style.h"
#include "small_graph.h"

namespace tupu {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Picture Around(SmallGraph& graph, const std::string& name) {
  Result<Picture> picture = PictureOfNeighbourhood(graph.View(), graph.Id(name), {});
  EXPECT_TRUE(picture.has_value()) << picture.error().message;
  return std::move(picture).value();
}

size_t CountOf(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The line of `dot` that holds `part`.
std::string LineWith(const std::string& dot, const std::string& part) {
  const size_t at = dot.find(part);
  if (at == std::string::npos) return "";
  const size_t begin = dot.rfind('\n', at) + 1;
  return dot.substr(begin, dot.find('\n', at) - begin);
}

}  // namespace

TEST(DotString, EscapesWhatEndsOrChangesTheText) {
  EXPECT_EQ(DotString("a\"b\\N&lt;\x01\nc"), "\"a\\\"b\\\\N&amp;lt;\\nc\"");
}

TEST(DotHtml, EscapesMarkup) {
  EXPECT_EQ(DotHtml("<b>&\"x\""), "&lt;b&gt;&amp;&quot;x&quot;");
}

TEST(WrapText, BreaksChineseEvenlyAndLatinAtBlanks) {
  EXPECT_EQ(WrapText("华为", 14, 4), "华为");
  EXPECT_EQ(WrapText("武汉人工智能计算中心", 14, 4), "武汉人工智\n能计算中心");
  EXPECT_EQ(WrapText("软件基础设施（智能计算中心）", 14, 4), "软件基础设施\n（智能计算中\n心）");
  EXPECT_EQ(WrapText("Ping An Smart City", 10, 4), "Ping An\nSmart City");
  EXPECT_EQ(WrapText("一二三四五六七八九十一二三四五六七八九十", 8, 2), "一二三四\n五六七…");
}

TEST(PictureStyles, KeepALabelsLookFromPictureToPicture) {
  SmallGraph& graph = IndustryGraph();
  const Ontology& ontology = graph.View().ontology();
  const Picture one = Around(graph, "华为");
  const Picture other = Around(graph, "51WORLD");
  const PictureStyles first(one, ontology);
  const PictureStyles second(other, ontology);
  EXPECT_EQ(first.OfLabel("Firm").fill, second.OfLabel("Firm").fill);
  EXPECT_EQ(first.OfLabel("Segment").shape, second.OfLabel("Segment").shape);
  EXPECT_NE(first.OfLabel("Firm").fill, first.OfLabel("Segment").fill);
}

TEST(PictureStyles, TakeTheMostSpecificLabel) {
  const Ontology& ontology = IndustryGraph().View().ontology();
  EXPECT_EQ(MainLabelOf(Vertex{VertexId{0}, {"Alliance", "Organization"}, {}}, ontology), "Alliance");
  EXPECT_EQ(MainLabelOf(Vertex{VertexId{0}, {"Firm", "Organization", "Region"}, {}}, ontology), "Firm");
  EXPECT_EQ(MainLabelOf(Vertex{VertexId{0}, {}, {}}, ontology), "");
}

TEST(PictureStyles, GiveAFamilyOneHueInAnyData) {
  const Result<Ontology> other = Ontology::Parse(
      R"({"tupu_ontology": 1, "families": {"ownership": {}}, "labels": {}, "edge_types": {"OWNS": {"family": "ownership"}}})");
  ASSERT_TRUE(other.has_value());
  const Picture empty;
  EXPECT_EQ(PictureStyles(empty, *other).OfType("OWNS").color, "#c0392b");
}

TEST(ToDot, IsTheSameForTheSamePicture) {
  const Picture picture = Around(IndustryGraph(), "华为");
  const Ontology& ontology = IndustryGraph().View().ontology();
  EXPECT_EQ(ToDot(picture, ontology, {}), ToDot(Around(IndustryGraph(), "华为"), ontology, {}));
}

TEST(ToDot, DrawsSymmetricEdgesWithoutHeads) {
  const std::string dot = ToDot(Around(IndustryGraph(), "华为"), IndustryGraph().View().ontology(), {});
  EXPECT_THAT(LineWith(dot, "class=\"PARTNERS_WITH\""), HasSubstr("dir=none"));
  EXPECT_THAT(LineWith(dot, "class=\"IN_ECOSYSTEM_OF\""), Not(HasSubstr("dir=none")));
}

TEST(ToDot, NamesFontsWithChineseAndALegendInTheLanguage) {
  DotOptions options;
  options.language = "zh";
  const std::string dot = ToDot(Around(IndustryGraph(), "华为"), IndustryGraph().View().ontology(), options);
  EXPECT_THAT(dot, HasSubstr("Noto Sans CJK SC"));
  EXPECT_THAT(dot, HasSubstr("WenQuanYi Zen Hei"));
  EXPECT_THAT(dot, HasSubstr("加入生态"));
  EXPECT_THAT(dot, HasSubstr("计算中心"));
  EXPECT_EQ(CountOf(dot, "tooltip=\"华为 (Firm, Organization)\""), 1u);
}

TEST(ToDot, MarksWhatWasAskedFor) {
  const std::string dot = ToDot(Around(IndustryGraph(), "华为"), IndustryGraph().View().ontology(), {});
  EXPECT_THAT(LineWith(dot, "label=\"华为\""), HasSubstr("penwidth=3.5"));
  EXPECT_THAT(LineWith(dot, "label=\"超图\""), Not(HasSubstr("penwidth=3.5")));
}

TEST(ToDot, LaysAChainOutInTheOrderOfTheWalk) {
  // c <- b <- a, walked from c to a.
  const auto vertex = [](uint64_t id) { return Vertex{VertexId{id}, {"X"}, {}}; };
  const Edge first{EdgeId{1}, "T", VertexId{2}, VertexId{3}, {}};
  const Edge second{EdgeId{2}, "T", VertexId{1}, VertexId{2}, {}};
  PictureBuilder builder(IndustryGraph().View());
  builder.AddPath(Path{{vertex(3), vertex(2), vertex(1)}, {first, second}});
  const Result<Picture> picture = builder.Build("", PictureShape::kChain, {});
  ASSERT_TRUE(picture.has_value());
  const std::string dot = ToDot(*picture, Ontology(), {});
  EXPECT_THAT(LineWith(dot, "v3 -> v2"), HasSubstr("dir=back"));
  EXPECT_THAT(LineWith(dot, "v2 -> v1"), HasSubstr("dir=back"));
}

TEST(ToDot, KeepsOddNamesInsideTheirStrings) {
  SmallGraph graph("");
  graph.Add("\"]; evil -> \\\" & <b>", {"X\"Y"});
  const std::string dot = ToDot(Around(graph, "\"]; evil -> \\\" & <b>"), graph.View().ontology(), {});
  EXPECT_THAT(dot, HasSubstr("\\\"]; evil"));
  EXPECT_THAT(dot, HasSubstr("class=\"X\\\"Y\""));
  EXPECT_THAT(dot, HasSubstr("&lt;b&gt;"));  // in the title
}

}  // namespace tupu
