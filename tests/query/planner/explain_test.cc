// From what EXPLAIN says that edges and properties are read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/query_fixture.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_snapshot.h"
#include "tests/storage/temporary_directory.h"

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

#ifdef TUPU_WITH_ROCKSDB
TEST_F(Explain, TellsSavedCsrsFromBuiltOnes) {
  const TemporaryDirectory directory;
  const auto open = [&] { fixture_ = QueryFixture::OpenOn(GraphStore::Open(directory / "db", {})); };
  open();
  fixture_->MustRun("UNWIND range(1, 50) AS i CREATE (:V {i: i})-[:E]->(:V)-[:F]->(:V)");
  ASSERT_TRUE(fixture_->store().SaveCsrs().has_value());
  const std::string both = "MATCH (a:V)-[:E|F]->(b) RETURN b";
  EXPECT_THAT(PlanOf(both), HasSubstr("from CSR  ~"));
  fixture_.reset();
  open();
  EXPECT_THAT(PlanOf(both), HasSubstr("from blocks"));
  BuildCsr("E", Direction::kOut);
  EXPECT_THAT(PlanOf("MATCH (a:V)-[:E]->(b) RETURN b"), HasSubstr("from saved CSR  ~"));
  EXPECT_THAT(PlanOf(both), HasSubstr("from saved CSR and blocks  ~"));
  BuildCsr("F", Direction::kOut);
  EXPECT_THAT(PlanOf(both), HasSubstr("from saved CSR  ~"));
  // A fold puts what it changes into memory.
  fixture_->MustRun("MATCH (a:V {i: 1}) CREATE (a)-[:F]->(a)");
  EXPECT_THAT(PlanOf(both), HasSubstr("from saved CSR  ~"));
  const auto view = *fixture_->store().Snapshot();
  dynamic_cast<const GraphSnapshot&>(*view).topology()->FoldAll();
  EXPECT_THAT(PlanOf(both), HasSubstr("from CSR and saved CSR  ~"));
}
#endif

/// A graph with properties, of which some are brought into columns.
class ExplainProperties : public Explain {
 protected:
  void SetUp() override {
    Explain::SetUp();
    fixture_->MustRun("MATCH (a:V)-[r:E]->(b) SET r.since = a.i, b.name = 'b'");
    fixture_->MustRun("MATCH (b)-[r:F]->() SET r.since = 1");
  }

  /// Reads what `text` returns until its properties stand in columns.
  void ReadOften(const std::string& text) {
    for (int i = 0; i < 40; ++i) fixture_->MustRun(text);
    const auto view = *fixture_->store().Snapshot();
    dynamic_cast<const GraphSnapshot&>(*view).columns()->WaitUntilIdle();
  }
};

TEST_F(ExplainProperties, SaysFromWhatEachIsRead) {
  const std::string both = "MATCH (a:V)-[r:E]->(b) WHERE a.i > 5 RETURN b.name, r.since";
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: i from records"));
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: name from records, since from records"));
  ReadOften("MATCH (a:V) RETURN a.i");
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: i from column  ~"));
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: name from records, since from records"));
  ReadOften("MATCH (b:V) RETURN b.name");
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: name from column, since from records"));
  ReadOften("MATCH ()-[r:E]->() RETURN r.since");
  EXPECT_THAT(PlanOf(both), HasSubstr("properties: name from column, since from column"));
}

TEST_F(ExplainProperties, TellsTypesOfEdgesApart) {
  ReadOften("MATCH ()-[r:E]->() RETURN r.since");
  EXPECT_THAT(PlanOf("MATCH ()-[r:F]->() RETURN r.since"), HasSubstr("since from records"));
  EXPECT_THAT(PlanOf("MATCH ()-[r:E|F]->() RETURN r.since"), HasSubstr("since from column and records"));
  EXPECT_THAT(PlanOf("MATCH ()-[r]->() RETURN r.since"), HasSubstr("since from column and records"));
  EXPECT_THAT(PlanOf("MATCH (:V {i: 1})-[:E*1..2 {since: 3}]->(b) RETURN b"), HasSubstr("since from column"));
  EXPECT_THAT(PlanOf("MATCH ()-[r:E]->() RETURN sum(r.since)"), HasSubstr("since from column"));
}

TEST_F(ExplainProperties, IsSilentWhereThereIsNothingToRead) {
  EXPECT_THAT(PlanOf("MATCH (a:V) RETURN a.no_such_key"), Not(HasSubstr("properties")));
  EXPECT_THAT(PlanOf("UNWIND [{i: 1}] AS m RETURN m.i"), Not(HasSubstr("properties")));
  EXPECT_THAT(PlanOf("MATCH (a:V) RETURN a"), Not(HasSubstr("properties")));
}

TEST_F(ExplainProperties, AnswersAreTheSameFromEitherForm) {
  const std::vector<std::string> questions = {
      "MATCH (a:V) WHERE a.i > 20 RETURN count(*), sum(a.i)",
      "MATCH (a:V) RETURN a.i AS i, a.name AS n ORDER BY i, n",
      "MATCH ()-[r]->() RETURN sum(r.since), count(r.since)",
      "MATCH (a:V) OPTIONAL MATCH (a)-[r:F]->(b) WITH a, r, b ORDER BY a.i RETURN a.i, r.since, b.name",
      "MATCH (a:V)-[:E* {since: 7}]->(b) RETURN b.name",
  };
  std::vector<QueryFixture::Rows> before;
  for (const std::string& question : questions) before.push_back(*fixture_->Run(question));
  ReadOften("MATCH (a:V) RETURN a.i, a.name");
  ReadOften("MATCH ()-[r]->() RETURN r.since");
  ASSERT_EQ((*fixture_->store().Snapshot())->PropertyForms().size(), 4u);
  for (size_t i = 0; i < questions.size(); ++i) EXPECT_EQ(*fixture_->Run(questions[i]), before[i]) << questions[i];
}

TEST_F(ExplainProperties, AStatementReadsItsOwnWritesAndDeletions) {
  ReadOften("MATCH (a:V) RETURN a.i");
  const auto rows = fixture_->Run("MATCH (a:V {i: 3}) SET a.i = 303 WITH a RETURN a.i");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ((*rows)[0][0], Value(303));
  EXPECT_EQ((*fixture_->Run("MATCH (a:V) WHERE a.i = 303 RETURN count(*)"))[0][0], Value(1));
  const auto gone = fixture_->Run("MATCH (a:V {i: 4}) DETACH DELETE a RETURN a.i");
  ASSERT_FALSE(gone.has_value());
  EXPECT_THAT(gone.error().condition, HasSubstr("DeletedEntityAccess"));
}

}  // namespace
}  // namespace tupu
