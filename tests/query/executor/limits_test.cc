// Runs that must end early: cancelled, over time, over memory, satisfied by LIMIT.

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "query/query_fixture.h"
#include "storage/base/memory_budget.h"

namespace tupu {
namespace {

class Limits : public testing::Test {
 protected:
  void SetUp() override {
    fixture_ = QueryFixture::Open();
    // A complete graph of 14 vertices: more trails than anyone can walk.
    fixture_->MustRun("UNWIND range(1, 14) AS i CREATE (:V {i: i})");
    fixture_->MustRun("MATCH (a:V), (b:V) WHERE a.i < b.i CREATE (a)-[:E]->(b)");
  }

  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(Limits, ALimitEndsAnEndlessEnumeration) {
  const auto rows = fixture_->Run("MATCH (a:V)-[*]-(b) RETURN b LIMIT 5");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->size(), 5u);
}

TEST_F(Limits, CancelStopsARunFromAnotherThread) {
  ExecutionOptions options;
  std::thread other([token = options.cancellation]() mutable {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    token.Cancel();
  });
  const auto rows = fixture_->Run("MATCH (a:V)-[r*]-(b) WHERE size(r) > 1000 RETURN count(*)", options);
  other.join();
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, ErrorCode::kCancelled);
}

TEST_F(Limits, TheDeadlineStopsARunWithoutRows) {
  ExecutionOptions options;
  options.cancellation.SetDeadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  const auto begin = std::chrono::steady_clock::now();
  const auto rows = fixture_->Run("MATCH (a:V)-[r*]-(b) WHERE size(r) > 1000 RETURN b", options);
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, ErrorCode::kResourceExhausted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

class MemoryLimit : public Limits, public testing::WithParamInterface<const char*> {};

TEST_P(MemoryLimit, EndsTheRunWithAnError) {
  ExecutionOptions options;
  options.memory_limit_bytes = 1 << 20;
  options.cancellation.SetDeadline(std::chrono::steady_clock::now() + std::chrono::seconds(60));
  const auto rows = fixture_->Run(GetParam(), options);
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, ErrorCode::kResourceExhausted);
  EXPECT_NE(rows.error().message.find("1 MiB"), std::string::npos) << rows.error().message;
}

INSTANTIATE_TEST_SUITE_P(Operator, MemoryLimit,
                         testing::Values("UNWIND range(1, 200000) AS x RETURN x ORDER BY x",  // Sort
                                         "UNWIND range(1, 200000) AS x RETURN DISTINCT x",    // Distinct
                                         "UNWIND range(1, 200000) AS x RETURN x, count(*)",   // Aggregate, groups
                                         "MATCH (a:V)-[*4..5]-(b) RETURN collect([a, b])",    // Aggregate, collect
                                         "MATCH (a:V)-[*..5]-(), (c:V)-[*..5]-() RETURN count(*)",  // CartesianProduct
                                         "UNWIND range(1, 200000) AS x CREATE (n:W {x: x}) RETURN n"));  // Eager

TEST_F(Limits, WhatARunHoldsIsTakenOutOfTheEnginesMemory) {
  uint64_t most_taken = 0;
  uint64_t taken = 0;
  ExecutionOptions options;
  options.memory_budget = std::make_shared<MemoryBudget>(16 << 20, [&](uint64_t bytes) {
    taken = bytes;
    most_taken = std::max(most_taken, bytes);
  });
  const auto small = fixture_->Run("UNWIND range(1, 20000) AS x RETURN x ORDER BY x", options);
  ASSERT_TRUE(small.has_value()) << small.error().message;
  EXPECT_GT(most_taken, 0u);
  EXPECT_EQ(taken, 0u) << "given back";
  const auto large = fixture_->Run("UNWIND range(1, 400000) AS x RETURN x ORDER BY x", options);
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::kResourceExhausted);
  EXPECT_NE(large.error().message.find("16 MiB"), std::string::npos) << large.error().message;
  EXPECT_NE(large.error().hint.find("--cache-memory"), std::string::npos);
  EXPECT_LE(most_taken, 12u << 20) << "a quarter stays with the caches";
  EXPECT_EQ(taken, 0u);
}

TEST_F(Limits, ARunOverItsMemoryLeavesTheNextOneAll) {
  ExecutionOptions options;
  options.memory_limit_bytes = 1 << 20;
  EXPECT_FALSE(fixture_->Run("UNWIND range(1, 200000) AS x RETURN x ORDER BY x", options).has_value());
  const auto rows = fixture_->Run("UNWIND range(1, 2000) AS x RETURN x ORDER BY x", options);
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(rows->size(), 2000u);
}

TEST_F(Limits, TopKKeepsOnlyWhatItGives) {
  ExecutionOptions options;
  options.memory_limit_bytes = 1 << 20;
  const auto rows = fixture_->Run("UNWIND range(1, 100000) AS x RETURN x ORDER BY x DESC LIMIT 2", options);
  // The list itself is under way as one value; it is the rows of the sort that must not pile up.
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ((*rows)[0][0], Value(100000));
}

TEST_F(Limits, ACompiledQueryRunsManyTimes) {
  const auto view = fixture_->store().Snapshot();
  const auto query = CompileQuery("MATCH (a:V) WHERE a.i = $i OPTIONAL MATCH (a)-->(b) RETURN count(b)", **view,
                                  fixture_->procedures());
  ASSERT_TRUE(query.has_value()) << query.error().message;
  for (int i = 1; i <= 14; ++i) {
    const Map parameters{{"i", Value(i)}};
    ExecutionOptions options;
    options.parameters = &parameters;
    auto cursor = ExecuteQuery(**query, **view, nullptr, options);
    ASSERT_TRUE(cursor.has_value());
    const auto rows = (*cursor)->All();
    ASSERT_TRUE(rows.has_value());
    EXPECT_EQ((*rows)[0][0], Value(14 - i));
  }
}

TEST_F(Limits, APlanFindsNamesThatCameAfterIt) {
  const auto view = fixture_->store().Snapshot();
  const auto query =
      CompileQuery("MATCH (n:Later {key: 1})-[:LATER]->(m) RETURN count(m)", **view, fixture_->procedures());
  ASSERT_TRUE(query.has_value()) << query.error().message;
  fixture_->MustRun("CREATE (:Later {key: 1})-[:LATER]->()");
  const auto now = fixture_->store().Snapshot();
  auto cursor = ExecuteQuery(**query, **now, nullptr, {});
  ASSERT_TRUE(cursor.has_value());
  const auto rows = (*cursor)->All();
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ((*rows)[0][0], Value(1));
}

TEST_F(Limits, AnEntityInARowIsComplete) {
  const auto rows = fixture_->Run("MATCH p = (a:V {i: 1})-[e]->(b:V {i: 2}) RETURN a, e, p, [a, {x: e}]");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  const std::vector<Value>& row = rows->at(0);
  ASSERT_EQ(row[0].type(), ValueType::kVertex);
  EXPECT_EQ(row[0].AsVertex().labels, std::vector<std::string>{"V"});
  EXPECT_EQ(row[0].AsVertex().properties.at("i"), Value(1));
  ASSERT_EQ(row[1].type(), ValueType::kEdge);
  EXPECT_EQ(row[1].AsEdge().type, "E");
  ASSERT_EQ(row[2].type(), ValueType::kPath);
  EXPECT_EQ(row[2].AsPath().vertices.size(), 2u);
  EXPECT_EQ(row[3].AsList()[0].type(), ValueType::kVertex);
  EXPECT_EQ(row[3].AsList()[1].AsMap().at("x").type(), ValueType::kEdge);
}

}  // namespace
}  // namespace tupu
