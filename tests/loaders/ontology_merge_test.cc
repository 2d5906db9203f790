#include "loaders/ontology_merge.h"

#include <gtest/gtest.h>

#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

constexpr std::string_view kStored =
    R"({"tupu_ontology": 1, "data_set": "a", "labels": {"A": {"display": {"en": "a", "zh": "甲"}}, "B": {}}})";

TEST(MergeOntologies, KeepsTheTextWhenNothingIsNew) {
  EXPECT_EQ(MergeOntologies(kStored, ""), kStored);
  EXPECT_EQ(MergeOntologies(kStored, kStored), kStored);
  EXPECT_EQ(MergeOntologies("", kStored), kStored);
  EXPECT_EQ(MergeOntologies(kStored, R"({"tupu_ontology": 1, "data_set": "b"})"), kStored);
  EXPECT_EQ(MergeOntologies(kStored, R"({"tupu_ontology": 1, "labels": {"A": {"display": {"zh": "甲", "en": "a"}}}})"),
            kStored);
  EXPECT_EQ(MergeOntologies("", R"({"tupu_ontology": 1, "data_set": "b"})"), "");
}

TEST(MergeOntologies, AddsAndReplacesByName) {
  const Result<Ontology> merged = Ontology::Parse(MergeOntologies(
      kStored,
      R"({"tupu_ontology": 1, "data_set": "b", "labels": {"B": {"parents": ["C"]}, "C": {}}, "edge_types": {"T": {}}})"));
  ASSERT_TRUE(merged.has_value()) << merged.error().message;
  EXPECT_EQ(merged->data_set(), "a");
  EXPECT_EQ(merged->labels().size(), 3u);
  EXPECT_TRUE(merged->IsA("B", "C"));
  EXPECT_NE(merged->FindEdgeType("T"), nullptr);
}

}  // namespace
}  // namespace tupu
