// From what EXPLAIN says that edges are read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/query_fixture.h"
#include "storage/catalog/catalog.h"

namespace tupu {
namespace {

using testing::HasSubstr;
using testing::Not;

class Explain : public testing::Test {
 protected:
  void SetUp() override {
    fixture_ = QueryFixture::Open();
    fixture_->MustRun("UNWIND range(1, 50) AS i CREATE (:V {i: i})-[:E]->(:V)-[:F]->(:V)");
  }

  std::string PlanOf(const std::string& text) {
    std::string plan;
    const auto rows = fixture_->Run("EXPLAIN " + text);
    if (!rows) return rows.error().message;
    for (const auto& row : *rows) plan += std::string(row[0].AsString()) + "\n";
    return plan;
  }

  void BuildCsr(const char* type, Direction direction) {
    const auto view = fixture_->store().Snapshot();
    const EdgeTypeId types[] = {*(*view)->catalog().edge_types().Find(type)};
    (*view)->PrepareExpansions(1'000'000'000, direction, types);
  }

  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(Explain, SaysFromWhatEdgesAreRead) {
  const std::string out = "MATCH (a:V)-[:E]->(b) RETURN b";
  EXPECT_THAT(PlanOf(out), HasSubstr("from blocks"));
  BuildCsr("E", Direction::kOut);
  EXPECT_THAT(PlanOf(out), HasSubstr("from CSR  ~"));
  EXPECT_THAT(PlanOf("MATCH (a:V)-[:E]-(b) RETURN b"), HasSubstr("from CSR and blocks"));
  EXPECT_THAT(PlanOf("MATCH (a:V)-[:E|F*1..3]->(b) RETURN b"), HasSubstr("from CSR and blocks"));
  EXPECT_THAT(PlanOf("MATCH p = shortestPath((a:V {i: 1})-[:F*]->(b:V {i: 2})) RETURN p"), HasSubstr("from blocks"));
  BuildCsr("E", Direction::kIn);
  BuildCsr("F", Direction::kBoth);
  EXPECT_THAT(PlanOf("MATCH (a:V)-[]-(b) RETURN b"), HasSubstr("from CSR  ~"));
  EXPECT_THAT(PlanOf("MATCH (a:V)-[:NoSuchType]->(b) RETURN b"), Not(HasSubstr("from")));
}

}  // namespace
}  // namespace tupu
