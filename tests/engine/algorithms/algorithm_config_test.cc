#include "engine/algorithms/algorithm_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CentralityRequest Parse(Algorithm algorithm, const Map& config) {
  const auto request = ParseAlgorithmConfig(algorithm, config);
  EXPECT_TRUE(request.has_value()) << request.error().message;
  return request.value_or(CentralityRequest{});
}

std::string Complaint(Algorithm algorithm, const Map& config) {
  const auto request = ParseAlgorithmConfig(algorithm, config);
  if (request.has_value()) return "no complaint";
  EXPECT_EQ(request.error().code, ErrorCode::kInvalidArgument);
  return request.error().message + "; " + request.error().hint;
}

TEST(AlgorithmConfig, EmptyMeansDefaults) {
  const CentralityRequest request = Parse(Algorithm::kPageRank, {});
  EXPECT_EQ(request.measure, CentralityMeasure::kPageRank);
  EXPECT_EQ(request.damping_factor, 0.85);
  EXPECT_EQ(request.slice.orientation, Orientation::kNatural);
  EXPECT_EQ(request.slice.via, std::nullopt);
  EXPECT_EQ(request.normalized, std::nullopt);
}

TEST(AlgorithmConfig, ReadsEveryKey) {
  const CentralityRequest rank = Parse(Algorithm::kPageRank, {{"labels", List{"Firm", "Institution"}},
                                                              {"family", "ownership"},
                                                              {"via", false},
                                                              {"isolated", true},
                                                              {"orientation", "reverse"},
                                                              {"parallelEdges", "KEEP"},
                                                              {"weight", "pct"},
                                                              {"defaultWeight", 2},
                                                              {"maxIterations", 7},
                                                              {"dampingFactor", 0.5},
                                                              {"tolerance", 0.25}});
  EXPECT_THAT(rank.slice.labels, ElementsAre("Firm", "Institution"));
  EXPECT_EQ(rank.slice.family, "ownership");
  EXPECT_EQ(rank.slice.via, false);
  EXPECT_EQ(rank.slice.isolated, true);
  EXPECT_EQ(rank.slice.orientation, Orientation::kReverse);
  EXPECT_EQ(rank.slice.parallel_edges, ParallelEdges::kKept);
  EXPECT_EQ(rank.slice.weight_property, "pct");
  EXPECT_EQ(rank.slice.default_weight, 2.0);
  EXPECT_EQ(rank.max_iterations, 7u);
  EXPECT_EQ(rank.damping_factor, 0.5);
  EXPECT_EQ(rank.tolerance, 0.25);
  const CentralityRequest between = Parse(
      Algorithm::kBetweenness, {{"normalized", true}, {"samplingSize", 16}, {"samplingSeed", -3}, {"types", "OWNS"}});
  EXPECT_EQ(between.normalized, true);
  EXPECT_EQ(between.sampling_size, 16u);
  EXPECT_EQ(between.sampling_seed, static_cast<uint64_t>(int64_t{-3}));
  EXPECT_THAT(between.slice.types, ElementsAre("OWNS"));
  EXPECT_FALSE(Parse(Algorithm::kCloseness, {{"wassermanFaust", false}}).wasserman_faust);
  EXPECT_TRUE(Parse(Algorithm::kDegree, {{"weight", true}}).slice.declared_weight);
}

TEST(AlgorithmConfig, TakesTheNamesOfTheGraphDataScienceLibrary) {
  const CentralityRequest request = Parse(Algorithm::kDegree, {{"nodeLabels", List{"*"}},
                                                               {"relationshipTypes", List{"OWNS"}},
                                                               {"relationshipWeightProperty", "pct"},
                                                               {"direction", "UNDIRECTED"}});
  EXPECT_THAT(request.slice.labels, IsEmpty());
  EXPECT_THAT(request.slice.types, ElementsAre("OWNS"));
  EXPECT_EQ(request.slice.weight_property, "pct");
  EXPECT_EQ(request.slice.orientation, Orientation::kUndirected);
}

TEST(AlgorithmConfig, NullMeansDefault) {
  EXPECT_EQ(Parse(Algorithm::kPageRank, {{"dampingFactor", Value()}}).damping_factor, 0.85);
}

TEST(AlgorithmConfig, NamesTheNearestKeyForAnUnknownOne) {
  EXPECT_THAT(Complaint(Algorithm::kPageRank, {{"dampingfactor", 0.5}}),
              AllOf(HasSubstr("\"dampingfactor\""), HasSubstr("did you mean dampingFactor?")));
  EXPECT_THAT(Complaint(Algorithm::kWcc, {{"frobnicate", 1}}),
              HasSubstr("known: family, isolated, labels, types, via"));
}

TEST(AlgorithmConfig, SaysWhenAKeyIsForAnotherAlgorithm) {
  EXPECT_THAT(Complaint(Algorithm::kDegree, {{"dampingFactor", 0.5}}), HasSubstr("for other algorithms"));
  EXPECT_THAT(Complaint(Algorithm::kWcc, {{"orientation", "NATURAL"}}), HasSubstr("for other algorithms"));
}

TEST(AlgorithmConfig, RefusesAKeyUnderTwoNames) {
  EXPECT_THAT(Complaint(Algorithm::kDegree, {{"labels", "A"}, {"nodeLabels", "B"}}), HasSubstr("mean the same"));
}

TEST(AlgorithmConfig, RefusesWrongTypesAndRangesByKey) {
  const std::vector<std::tuple<Algorithm, std::string, Value, std::string>> cases = {
      {Algorithm::kDegree, "labels", Value(1), "a STRING or a list"},
      {Algorithm::kDegree, "labels", Value(List{Value(1)}), "a STRING or a list"},
      {Algorithm::kDegree, "types", Value(List{}), "not empty"},
      {Algorithm::kDegree, "family", Value(""), "not empty"},
      {Algorithm::kDegree, "via", Value("yes"), "a BOOLEAN"},
      {Algorithm::kDegree, "orientation", Value("SIDEWAYS"), "one of 'NATURAL', 'REVERSE', 'UNDIRECTED'"},
      {Algorithm::kDegree, "weight", Value(2), "the name of a property"},
      {Algorithm::kDegree, "defaultWeight", Value(-1.0), "0 or more"},
      {Algorithm::kPageRank, "dampingFactor", Value(1.0), "from 0 to below 1"},
      {Algorithm::kPageRank, "maxIterations", Value(0), "an INTEGER from 1"},
      {Algorithm::kPageRank, "maxIterations", Value(1.5), "an INTEGER from 1"},
      {Algorithm::kPageRank, "tolerance", Value("small"), "above 0"},
      {Algorithm::kBetweenness, "samplingSize", Value(-1), "0 (exact) or more"},
      {Algorithm::kCloseness, "useWassermanFaust", Value(1), "a BOOLEAN"},
  };
  for (const auto& [algorithm, key, value, expected] : cases)
    EXPECT_THAT(Complaint(algorithm, {{key, value}}), AllOf(HasSubstr("\"" + key + "\""), HasSubstr(expected)));
}

}  // namespace
}  // namespace tupu
