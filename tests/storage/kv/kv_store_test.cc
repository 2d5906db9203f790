// One suite on both backends; what only files can do is in rocksdb_files_test.cc.

#include <gtest/gtest.h>

#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class KvStoreTest : public testing::TestWithParam<Backend> {
 protected:
  KvStoreTest()
      : store_(GetParam() == Backend::kMemory ? OpenMemoryStore()
                                              : Must(OpenRocksDbStore(directory_ / "kv", RocksDbOptions{}))) {}

  void Write(const std::vector<KvWrite>& batch) { MustBeDone(store_->Write(batch, {}, false)); }
  static KvWrite Put(std::string key, std::string value, Keyspace space = Keyspace::kVertex) {
    return {space, std::move(key), std::move(value)};
  }
  static KvWrite Delete(std::string key) { return {Keyspace::kVertex, std::move(key), std::nullopt}; }
  std::shared_ptr<const KvSnapshot> Snapshot() { return Must(store_->Snapshot()); }
  static std::vector<std::string> Keys(const KvSnapshot& snapshot, std::string_view begin, std::string_view end) {
    std::vector<std::string> keys;
    EXPECT_DONE(snapshot.Scan(Keyspace::kVertex, begin, end, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<KvStore> store_;
};

TEST_P(KvStoreTest, KeyspacesAreApart) {
  Write({Put("k", "vertex"), Put("k", "index", Keyspace::kIndex)});
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kVertex, "k")), "vertex");
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kIndex, "k")), "index");
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kEdge, "k")), std::nullopt);
}

TEST_P(KvStoreTest, EmptyValuesAndKeysWithZeroBytesAreKept) {
  const std::string key("a\0b", 3);
  Write({Put(key, ""), Put("a", "short")});
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kVertex, key)), "");
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kVertex, "a")), "short");
}

TEST_P(KvStoreTest, MultiGetAnswersInTheOrderAsked) {
  Write({Put("a", "1"), Put("c", "3")});
  const std::vector<std::string> keys = {"c", "b", "a", "c"};
  EXPECT_EQ(Must(Snapshot()->MultiGet(Keyspace::kVertex, keys)),
            (std::vector<std::optional<std::string>>{"3", std::nullopt, "1", "3"}));
}

TEST_P(KvStoreTest, ScansBytesInOrderWithinTheRange) {
  Write({Put("b", ""), Put("a", ""), Put("\xff", ""), Put("ab", ""), Put("\x7f", "")});
  EXPECT_EQ(Keys(*Snapshot(), "", ""), (std::vector<std::string>{"a", "ab", "b", "\x7f", "\xff"}));
  EXPECT_EQ(Keys(*Snapshot(), "ab", "\x7f"), (std::vector<std::string>{"ab", "b"}));
  int visited = 0;
  EXPECT_DONE(Snapshot()->Scan(Keyspace::kVertex, "", "", [&](auto, auto) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_P(KvStoreTest, ScansManyKeys) {
  std::vector<KvWrite> batch;
  for (int i = 0; i < 1000; ++i) batch.push_back(Put(std::to_string(10'000 + i), "v"));
  Write(batch);
  EXPECT_EQ(Keys(*Snapshot(), "", "").size(), 1000u);
  EXPECT_EQ(Keys(*Snapshot(), "10100", "10300").size(), 200u);
}

TEST_P(KvStoreTest, ExpandsPrefixes) {
  Write({Put("a1", "x"), Put("a2", "y"), Put("b1", "z")});
  const std::vector<std::string> prefixes = {"b", "c", "a"};
  const auto expanded = Must(Snapshot()->Expand(Keyspace::kVertex, prefixes));
  ASSERT_EQ(expanded.size(), 3u);
  EXPECT_EQ(expanded[0].size(), 1u);
  EXPECT_TRUE(expanded[1].empty());
  EXPECT_EQ(expanded[2], (std::vector<std::pair<std::string, std::string>>{{"a1", "x"}, {"a2", "y"}}));
}

TEST_P(KvStoreTest, ASnapshotKeepsItsState) {
  Write({Put("kept", "1"), Put("deleted", "1")});
  const auto before = Snapshot();
  Write({Put("kept", "2"), Delete("deleted"), Put("new", "1")});
  const auto between = Snapshot();
  Write({Put("deleted", "again"), Delete("kept")});
  EXPECT_EQ(Keys(*before, "", ""), (std::vector<std::string>{"deleted", "kept"}));
  EXPECT_EQ(Must(before->Get(Keyspace::kVertex, "kept")), "1");
  EXPECT_EQ(Keys(*between, "", ""), (std::vector<std::string>{"kept", "new"}));
  EXPECT_EQ(Must(between->Get(Keyspace::kVertex, "kept")), "2");
  EXPECT_EQ(Keys(*Snapshot(), "", ""), (std::vector<std::string>{"deleted", "new"}));
}

TEST_P(KvStoreTest, ASnapshotOutlivesTheStore) {
  Write({Put("k", "v")});
  const auto snapshot = Snapshot();
  store_.reset();
  EXPECT_EQ(Must(snapshot->Get(Keyspace::kVertex, "k")), "v");
}

TEST_P(KvStoreTest, TheLastWriteOfABatchCounts) {
  Write({Put("a", "1"), Delete("a"), Put("b", "1"), Delete("b"), Put("b", "2"), Delete("never")});
  Write({Delete("b"), Delete("b")});
  Write({Put("c", "1")});
  EXPECT_EQ(Keys(*Snapshot(), "", ""), (std::vector<std::string>{"c"}));
}

TEST_P(KvStoreTest, AFailedPreconditionWritesNothing) {
  Write({Put("a", "1")});
  const std::vector<KvWrite> batch = {Put("a", "2"), Put("b", "2")};
  const auto with = [&](const KvPrecondition& condition) {
    return store_->Write(batch, std::vector<KvPrecondition>{condition}, false);
  };
  EXPECT_CODE(with({Keyspace::kVertex, "a", "other"}), kConflict);
  EXPECT_CODE(with({Keyspace::kVertex, "a", std::nullopt}), kConflict);
  EXPECT_CODE(with({Keyspace::kVertex, "c", "1"}), kConflict);
  EXPECT_EQ(Keys(*Snapshot(), "", ""), (std::vector<std::string>{"a"}));
  EXPECT_DONE(with({Keyspace::kVertex, "a", "1"}));
  EXPECT_EQ(Must(Snapshot()->Get(Keyspace::kVertex, "b")), "2");
}

INSTANTIATE_TEST_SUITE_P(Backends, KvStoreTest, kBackends, BackendName);

TEST(MemoryStore, HasNoFilesToCopy) {
  EXPECT_CODE(OpenMemoryStore()->Checkpoint("x"), kUnsupported);
}

}  // namespace
}  // namespace tupu
