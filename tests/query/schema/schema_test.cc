// CREATE, DROP and SHOW of indexes and constraints, as a user types them.

#include <gtest/gtest.h>

#include "query/query_fixture.h"
#include "query/schema/schema_command.h"

namespace tupu {
namespace {

class Schema : public testing::Test {
 protected:
  void SetUp() override { fixture_ = QueryFixture::Open(); }

  /// "kSyntax 1:8 message" of a statement that must fail.
  std::string ErrorOf(const std::string& text) {
    const auto rows = fixture_->Run(text);
    if (rows) return "no error";
    const Error& error = rows.error();
    return std::string(Name(error.code)) +
           (error.where ? " " + std::to_string(error.where->line) + ":" + std::to_string(error.where->column) : "") +
           " " + error.message + (error.hint.empty() ? "" : " | " + error.hint);
  }

  std::vector<std::string> Show(const std::string& text) {
    std::vector<std::string> lines;
    const auto rows = fixture_->Run(text);
    if (!rows) return {rows.error().message};
    for (const auto& row : *rows) {
      std::string line;
      for (const Value& cell : row) line += (line.empty() ? "" : " ") + cell.ToString();
      lines.push_back(line);
    }
    return lines;
  }

  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(Schema, IndexesAreCreatedShownAndDropped) {
  fixture_->MustRun("CREATE (:Firm {code: 'a', size: 1})-[:OWNS {share: 0.5}]->(:Firm {code: 'b'})");
  fixture_->MustRun("CREATE INDEX firm_code FOR (f:Firm) ON (f.code)");
  fixture_->MustRun("CREATE RANGE INDEX IF NOT EXISTS FOR (f:Firm) ON (f.size, f.code)");
  fixture_->MustRun("create index own for ()-[o:OWNS]->() on o.share;");
  fixture_->MustRun("CREATE INDEX own IF NOT EXISTS FOR ()<-[o:OWNS]-() ON (o.other)");
  EXPECT_EQ(Show("SHOW INDEXES YIELD name, state, populationPercent, type, entityType, labelsOrTypes, properties"),
            (std::vector<std::string>{"'firm_code' 'ONLINE' 100.0 'RANGE' 'NODE' ['Firm'] ['code']",
                                      "'index_Firm_size_code' 'ONLINE' 100.0 'RANGE' 'NODE' ['Firm'] ['size', 'code']",
                                      "'own' 'ONLINE' 100.0 'RANGE' 'RELATIONSHIP' ['OWNS'] ['share']"}));
  EXPECT_EQ(Show("SHOW INDEX WHERE entityType = 'RELATIONSHIP'").size(), 1u);
  EXPECT_EQ(Show("SHOW RANGE INDEXES YIELD name AS n, properties WHERE size(properties) = 1 RETURN n ORDER BY n DESC"),
            (std::vector<std::string>{"'own'", "'firm_code'"}));
  EXPECT_EQ(Show("SHOW INDEXES YIELD createStatement WHERE createStatement CONTAINS 'own' RETURN createStatement"),
            std::vector<std::string>{"'CREATE RANGE INDEX `own` FOR ()-[r:`OWNS`]-() ON (r.`share`)'"});
  fixture_->MustRun("DROP INDEX own");
  fixture_->MustRun("DROP INDEX own IF EXISTS");
  EXPECT_EQ(Show("SHOW INDEXES").size(), 2u);
}

TEST_F(Schema, ShowGivesTheColumnsThatToolsAskFor) {
  const auto view = fixture_->store().Snapshot();
  const auto indexes = CompileQuery("SHOW INDEXES", **view, fixture_->procedures());
  ASSERT_TRUE(indexes.has_value()) << indexes.error().message;
  EXPECT_EQ((*indexes)->columns(),
            (std::vector<std::string>{"id", "name", "state", "populationPercent", "type", "entityType", "labelsOrTypes",
                                      "properties", "indexProvider", "owningConstraint", "lastRead", "readCount"}));
  EXPECT_FALSE((*indexes)->writes());
  const auto constraints = CompileQuery("SHOW ALL CONSTRAINTS", **view, fixture_->procedures());
  ASSERT_TRUE(constraints.has_value()) << constraints.error().message;
  EXPECT_EQ((*constraints)->columns(), (std::vector<std::string>{"id", "name", "type", "entityType", "labelsOrTypes",
                                                                 "properties", "ownedIndex", "propertyType"}));
  const auto all = CompileQuery("SHOW INDEXES YIELD *", **view, fixture_->procedures());
  ASSERT_TRUE(all.has_value()) << all.error().message;
  EXPECT_EQ((*all)->columns().size(), 14u);
}

TEST_F(Schema, ConstraintsAreCreatedShownAndDropped) {
  fixture_->MustRun("CREATE CONSTRAINT firm_code FOR (f:Firm) REQUIRE f.code IS UNIQUE");
  fixture_->MustRun("CREATE CONSTRAINT firm_key FOR (f:Firm) REQUIRE (f.country, f.number) IS NODE KEY");
  fixture_->MustRun("CREATE CONSTRAINT owns_share FOR ()-[o:OWNS]-() REQUIRE o.share IS NOT NULL");
  fixture_->MustRun(
      "CREATE CONSTRAINT owns_type FOR ()-[o:OWNS]-() REQUIRE o.share IS :: FLOAT | LIST<FLOAT NOT NULL>");
  fixture_->MustRun("CREATE CONSTRAINT IF NOT EXISTS FOR ()-[o:OWNS]-() REQUIRE (o.id) IS RELATIONSHIP KEY");
  EXPECT_EQ(
      Show("SHOW CONSTRAINTS YIELD name, type, ownedIndex, propertyType"),
      (std::vector<std::string>{"'constraint_key_OWNS_id' 'RELATIONSHIP_KEY' 'constraint_key_OWNS_id' null",
                                "'firm_code' 'UNIQUENESS' 'firm_code' null", "'firm_key' 'NODE_KEY' 'firm_key' null",
                                "'owns_share' 'RELATIONSHIP_PROPERTY_EXISTENCE' null null",
                                "'owns_type' 'RELATIONSHIP_PROPERTY_TYPE' null 'FLOAT | LIST<FLOAT NOT NULL>'"}));
  EXPECT_EQ(Show("SHOW INDEXES YIELD name, owningConstraint WHERE name = 'firm_code' RETURN owningConstraint"),
            std::vector<std::string>{"'firm_code'"});
  EXPECT_EQ(ErrorOf("DROP INDEX firm_code").substr(0, 15), "kConstraint 1:1");
  fixture_->MustRun("DROP CONSTRAINT firm_code");
  fixture_->MustRun("DROP CONSTRAINT firm_code IF EXISTS");
  EXPECT_EQ(Show("SHOW CONSTRAINTS").size(), 4u);
}

TEST_F(Schema, ConstraintsHoldForStatements) {
  fixture_->MustRun("CREATE (:Firm {code: 'a'}), (:Firm {code: 'a', size: 'big'})");
  const std::string doubled = ErrorOf("CREATE CONSTRAINT c FOR (f:Firm) REQUIRE f.code IS UNIQUE");
  EXPECT_EQ(doubled.substr(0, 15), "kConstraint 1:1");
  EXPECT_NE(doubled.find("vertices 0 and 1 of \"Firm\" have the same {code: 'a'}"), std::string::npos) << doubled;
  EXPECT_NE(ErrorOf("CREATE CONSTRAINT c FOR (f:Firm) REQUIRE f.size IS :: INTEGER").find("requires INTEGER"),
            std::string::npos);
  EXPECT_NE(
      ErrorOf("CREATE CONSTRAINT c FOR (f:Firm) REQUIRE f.size IS NOT NULL").find("vertex 0 of \"Firm\" has no size"),
      std::string::npos);
  EXPECT_TRUE(Show("SHOW CONSTRAINTS").empty());
  fixture_->MustRun("MATCH (f:Firm {size: 'big'}) SET f.code = 'b', f.size = 2");
  fixture_->MustRun("CREATE CONSTRAINT c FOR (f:Firm) REQUIRE f.code IS UNIQUE");
  EXPECT_EQ(ErrorOf("CREATE (:Firm {code: 'b'})").substr(0, 11), "kConstraint");
  fixture_->MustRun("MERGE (f:Firm {code: 'b'}) SET f.seen = true");
  EXPECT_EQ(Show("MATCH (f:Firm) RETURN count(*)"), std::vector<std::string>{"2"});
}

TEST_F(Schema, ErrorsTellPlaceAndRemedy) {
  EXPECT_EQ(ErrorOf("CREATE POINT INDEX p FOR (n:A) ON (n.p)"),
            "kUnsupported 1:8 A POINT index is not offered by this version | CREATE INDEX makes a range index.");
  for (const std::string kind : {"VECTOR", "FULLTEXT", "LOOKUP", "TEXT"})
    EXPECT_EQ(ErrorOf("CREATE " + kind + " INDEX p FOR (n:A) ON (n.p)").substr(0, 20 + kind.size()),
              "kUnsupported 1:8 A " + kind + " ");
  EXPECT_EQ(ErrorOf("CREATE INDEX ON :A(p)").substr(0, 12), "kSyntax 1:14");
  EXPECT_EQ(ErrorOf("CREATE INDEX i FOR (n:A) ON (m.p)"), "kBind 1:30 the variable m is not defined | Did you mean n?");
  EXPECT_EQ(ErrorOf("CREATE INDEX i FOR (n:A) ON (n.p, n.p)").substr(0, 10), "kBind 1:37");
  EXPECT_EQ(ErrorOf("CREATE CONSTRAINT c FOR (n:A) REQUIRE n.p IS RELATIONSHIP KEY"),
            "kBind 1:46 the pattern is one of nodes, the constraint one of relationships | Write IS NODE KEY.");
  EXPECT_EQ(ErrorOf("CREATE CONSTRAINT c FOR (n:A) REQUIRE (n.p, n.q) IS NOT NULL").substr(0, 10), "kBind 1:53");
  EXPECT_NE(ErrorOf("CREATE CONSTRAINT c FOR (n:A) REQUIRE n.p IS :: NUMBERS").find("'NUMBERS' is no type"),
            std::string::npos);
  EXPECT_EQ(ErrorOf("CREATE CONSTRAINT c FOR (n:A) REQUIRE n.p IS SINGULAR").substr(0, 12), "kSyntax 1:46");
  EXPECT_EQ(ErrorOf("CREATE CONSTRAINT c ON (n:A) ASSERT n.p IS UNIQUE").substr(0, 12), "kSyntax 1:21");
  EXPECT_EQ(ErrorOf("CREATE OR REPLACE INDEX i FOR (n:A) ON (n.p)").substr(0, 16), "kUnsupported 1:8");
  EXPECT_EQ(
      ErrorOf("DROP INDEX nothing"),
      "kNotFound 1:1 there is no index \"nothing\" | SHOW INDEXES lists them; IF EXISTS passes over one that is not "
      "there.");
  fixture_->MustRun("CREATE INDEX i FOR (n:A) ON (n.p)");
  EXPECT_EQ(ErrorOf("CREATE INDEX j FOR (n:A) ON (n.p)").substr(0, 18), "kAlreadyExists 1:1");
  EXPECT_EQ(ErrorOf("SHOW USERS").substr(0, 16), "kUnsupported 1:6");
  EXPECT_EQ(ErrorOf("SHOW POINT INDEXES").substr(0, 16), "kUnsupported 1:6");
  EXPECT_EQ(ErrorOf("PROFILE MATCH (n) RETURN n").substr(0, 16), "kUnsupported 1:1");
}

TEST_F(Schema, ALabelOrTypeThatNothingHasIsNoticed) {
  fixture_->MustRun("CREATE (:Firm {code: 'a'})-[:OWNS]->(:Firm)");
  const auto notice = [&](const std::string& text) {
    const auto view = *fixture_->store().Snapshot();
    return NoticeOf(*(*CompileQuery(text, *view, fixture_->procedures()))->schema_command(), *view);
  };
  EXPECT_EQ(notice("CREATE INDEX FOR (f:Firm) ON (f.code)"), "");
  EXPECT_EQ(notice("CREATE INDEX FOR (f:Frim) ON (f.code)"), "no node has the label \"Frim\" yet. Did you mean Firm?");
  EXPECT_EQ(notice("CREATE INDEX FOR ()-[o:SELLS]-() ON (o.code)"), "no relationship has the type \"SELLS\" yet");
  EXPECT_EQ(notice("DROP INDEX nothing IF EXISTS"), "");
}

TEST_F(Schema, WordsOfTheseStatementsRemainNames) {
  EXPECT_EQ(Show("CREATE index = (constraint:range {key: 1})-[:FOR]->(unique) RETURN constraint.key"),
            std::vector<std::string>{"1"});
  EXPECT_EQ(Show("WITH 1 AS index, 2 AS show RETURN index + show AS require"), std::vector<std::string>{"3"});
  fixture_->MustRun("CREATE INDEX for FOR (if:`on`) ON (if.`is`)");
  EXPECT_EQ(Show("SHOW INDEXES YIELD name"), std::vector<std::string>{"'for'"});
}

TEST_F(Schema, ExplainShowsSeeksAndSchemaStatements) {
  fixture_->MustRun("UNWIND range(1, 100) AS i CREATE (:Firm {code: i, size: i % 3})");
  fixture_->MustRun("CREATE INDEX firm_code FOR (f:Firm) ON (f.code)");
  const auto lines = Show("EXPLAIN MATCH (f:Firm) WHERE f.code >= 10 AND f.code < $end RETURN f.size");
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  EXPECT_NE(text.find("NodeIndexSeek  f:Firm(code >= 10, code < $end) index firm_code"), std::string::npos) << text;
  EXPECT_EQ(Show("EXPLAIN CREATE INDEX other FOR (f:Firm) ON (f.size, f.code)"),
            std::vector<std::string>{"'CreateIndex  Firm (size, code)'"});
  EXPECT_EQ(Show("SHOW INDEXES").size(), 1u) << "EXPLAIN runs nothing";
}

}  // namespace
}  // namespace tupu
