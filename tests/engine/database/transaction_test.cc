// Transactions as an embedding program sees them: through Session and Transaction.

#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <tupu/database.h>

namespace tupu {
namespace {

template <class T>
T Must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().message;
    std::abort();
  }
  return std::move(result).value();
}

class TransactionTest : public testing::Test {
 protected:
  int64_t Ask(const char* query) {
    Session session = database_.OpenSession();
    return std::get<0>(*Must(Must(session.Run(query)).NextAs<int64_t>()));
  }

  Database database_ = Must(Database::OpenInMemory());
  Session session_ = database_.OpenSession();
};

TEST_F(TransactionTest, TheSecondToCommitIsToldToTryAgain) {
  Must(session_.Run("CREATE (:Counter {n: 0})"));
  Transaction first = Must(session_.Begin());
  Transaction second = Must(session_.Begin());
  Must(first.Run("MATCH (c:Counter) SET c.n = c.n + 1"));
  Must(second.Run("MATCH (c:Counter) SET c.n = c.n + 1"));
  ASSERT_TRUE(first.Commit().has_value());
  const Status status = second.Commit();
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
  EXPECT_NE(status.error().message.find("run this one again"), std::string::npos);
  EXPECT_EQ(Ask("MATCH (c:Counter) RETURN c.n"), 1);
}

TEST_F(TransactionTest, AStatementAloneIsRunAgainUntilItFits) {
  constexpr int kThreads = 4;
  constexpr int kIncrements = 25;
  Must(session_.Run("CREATE (:Counter {n: 0})"));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Session session = database_.OpenSession();
      for (int i = 0; i < kIncrements; ++i) Must(session.Run("MATCH (c:Counter) SET c.n = c.n + 1"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Ask("MATCH (c:Counter) RETURN c.n"), kThreads * kIncrements);
}

TEST_F(TransactionTest, RunTransactionCallsAgainWhatCollided) {
  Must(session_.Run("CREATE (:Counter {n: 0})"));
  int calls = 0;
  const Status status = session_.RunTransaction([&](Transaction& transaction) -> Status {
    TUPU_TRY(transaction.Run("MATCH (c:Counter) SET c.n = c.n + 10"));
    if (++calls == 1) Must(database_.OpenSession().Run("MATCH (c:Counter) SET c.n = c.n + 1"));
    return {};
  });
  EXPECT_TRUE(status.has_value());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(Ask("MATCH (c:Counter) RETURN c.n"), 11);
}

TEST_F(TransactionTest, AnErrorOfTheWorkEndsItAndKeepsNothing) {
  int calls = 0;
  const Status status = session_.RunTransaction([&](Transaction& transaction) -> Status {
    ++calls;
    TUPU_TRY(transaction.Run("CREATE (:Draft)"));
    return Error{ErrorCode::kInvalidArgument, "changed my mind"};
  });
  EXPECT_FALSE(status.has_value());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Ask("MATCH (d:Draft) RETURN count(d)"), 0);
}

// Two managers, each of whom may spend as long as both together stay above zero.
TEST_F(TransactionTest, SerializableRefusesWhatSnapshotsLetThrough) {
  for (const Isolation isolation : {Isolation::kSnapshot, Isolation::kSerializable}) {
    Must(session_.Run("MATCH (a:Account) DELETE a"));
    Must(session_.Run("CREATE (:Account {name: 'a', sum: 60}), (:Account {name: 'b', sum: 60})"));
    const TransactionOptions options{.isolation = isolation, .read_only = false, .exclusive = false};
    Transaction first = Must(session_.Begin(options));
    Transaction second = Must(session_.Begin(options));
    const auto spend = [](Transaction& transaction, const char* name) {
      QueryOptions parameters;
      parameters.parameters.emplace("name", Value(name));
      Must(
          transaction.Run("MATCH (x:Account) WITH sum(x.sum) AS total WHERE total >= 100 "
                          "MATCH (a:Account {name: $name}) SET a.sum = a.sum - 100",
                          parameters));
    };
    spend(first, "a");
    spend(second, "b");
    EXPECT_TRUE(first.Commit().has_value());
    EXPECT_EQ(second.Commit().has_value(), isolation == Isolation::kSnapshot);
    EXPECT_EQ(Ask("MATCH (x:Account) RETURN sum(x.sum)"), isolation == Isolation::kSnapshot ? -80 : 20);
  }
}

TEST_F(TransactionTest, AReadOnlyOneHoldsItsStateAndRefusesWrites) {
  Must(session_.Run("CREATE (:Firm)"));
  Transaction reading = Must(session_.Begin({.isolation = {}, .read_only = true, .exclusive = false}));
  Must(session_.Run("CREATE (:Firm)"));
  EXPECT_EQ(std::get<0>(*Must(Must(reading.Run("MATCH (f) RETURN count(f)")).NextAs<int64_t>())), 1);
  EXPECT_FALSE(reading.Run("CREATE (:Firm)").has_value());
  EXPECT_EQ(std::get<0>(*Must(Must(reading.Run("MATCH (f) RETURN count(f)")).NextAs<int64_t>())), 1)
      << "a refused statement did nothing, so the transaction goes on";
  EXPECT_TRUE(reading.Commit().has_value());
}

}  // namespace
}  // namespace tupu
