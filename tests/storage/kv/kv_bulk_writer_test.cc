// Bulk writes, on both backends.

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "storage/kv/kv_store.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class KvBulkWriterTest : public testing::TestWithParam<Backend> {
 protected:
  KvBulkWriterTest() { Open(); }
  void Open() {
    store_.reset();
    store_ = GetParam() == Backend::kMemory ? OpenMemoryStore() : Must(OpenRocksDbStore(directory_ / "kv", {}));
  }
  static void WriteRun(KvBulkWriter& writer, Keyspace space,
                       const std::vector<std::pair<std::string, std::string>>& pairs) {
    const auto run = Must(writer.NewRun(space));
    for (const auto& [key, value] : pairs) MustBeDone(value == "-" ? run->Delete(key) : run->Put(key, value));
    MustBeDone(run->Finish());
  }
  static std::optional<std::string> Get(const KvSnapshot& snapshot, Keyspace space, std::string_view key) {
    return Must(snapshot.Get(space, key));
  }
  std::optional<std::string> Get(Keyspace space, std::string_view key) const {
    return Get(*Must(store_->Snapshot()), space, key);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<KvStore> store_;
};

TEST_P(KvBulkWriterTest, NothingShowsBeforeTheIngestAndAllAfterIt) {
  MustBeDone(
      store_->Write(std::vector<KvWrite>{{Keyspace::kIndex, "b", "old"}, {Keyspace::kIndex, "c", "old"}}, {}, false));
  const auto before = Must(store_->Snapshot());
  const auto writer = Must(store_->BulkWriter());
  WriteRun(*writer, Keyspace::kIndex, {{"a", "new"}, {"b", "new"}, {"c", "-"}});
  WriteRun(*writer, Keyspace::kIndex, {{"x", "far"}});
  WriteRun(*writer, Keyspace::kVertex, {{"a", "vertex"}});
  EXPECT_EQ(Get(Keyspace::kIndex, "a"), std::nullopt);
  MustBeDone(writer->Ingest());
  EXPECT_EQ(Get(Keyspace::kIndex, "a"), "new");
  EXPECT_EQ(Get(Keyspace::kIndex, "b"), "new");
  EXPECT_EQ(Get(Keyspace::kIndex, "c"), std::nullopt);
  EXPECT_EQ(Get(Keyspace::kIndex, "x"), "far");
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), "vertex");
  EXPECT_EQ(Get(*before, Keyspace::kIndex, "b"), "old") << "an older snapshot must not change";
  EXPECT_EQ(Get(*before, Keyspace::kIndex, "a"), std::nullopt);
}

TEST_P(KvBulkWriterTest, DroppedItWritesNothing) {
  {
    const auto writer = Must(store_->BulkWriter());
    WriteRun(*writer, Keyspace::kVertex, {{"a", "1"}});
  }
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), std::nullopt);
}

TEST_P(KvBulkWriterTest, LaterWritesCoverIt) {
  const auto writer = Must(store_->BulkWriter());
  WriteRun(*writer, Keyspace::kVertex, {{"a", "bulk"}, {"b", "bulk"}});
  MustBeDone(writer->Ingest());
  MustBeDone(store_->Write(std::vector<KvWrite>{{Keyspace::kVertex, "a", "later"}}, {}, true));
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), "later");
  MustBeDone(store_->Compact());
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), "later");
  EXPECT_EQ(Get(Keyspace::kVertex, "b"), "bulk");
}

INSTANTIATE_TEST_SUITE_P(Backends, KvBulkWriterTest, kBackends, BackendName);

#ifdef TUPU_WITH_ROCKSDB

using KvBulkFilesTest = KvBulkWriterTest;

TEST_P(KvBulkFilesTest, WhatWasTakenInIsThereAfterReopening) {
  {
    const auto writer = Must(store_->BulkWriter());
    WriteRun(*writer, Keyspace::kVertex, {{"a", "1"}});
    MustBeDone(writer->Ingest());
  }
  Open();
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), "1");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "kv/bulk"));
}

TEST_P(KvBulkFilesTest, WhatACutOffLoadLeftGoesAtTheNextOpening) {
  store_.reset();
  std::filesystem::create_directory(directory_ / "kv/bulk");
  std::ofstream(directory_ / "kv/bulk/2-0-0.sst") << "half a file";
  Open();
  EXPECT_FALSE(std::filesystem::exists(directory_ / "kv/bulk"));
}

TEST_P(KvBulkFilesTest, AFileThatIsDamagedBeforeTheIngestChangesNothing) {
  const auto writer = Must(store_->BulkWriter());
  WriteRun(*writer, Keyspace::kVertex, {{"a", "1"}});
  WriteRun(*writer, Keyspace::kIndex, {{"a", "1"}});
  for (const auto& file : std::filesystem::directory_iterator(writer->scratch_directory())) {
    if (file.path().filename().string().starts_with("4-")) std::filesystem::resize_file(file.path(), 20);
  }
  EXPECT_FALSE(writer->Ingest().has_value());
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), std::nullopt);
  EXPECT_EQ(Get(Keyspace::kIndex, "a"), std::nullopt);
  MustBeDone(store_->Write(std::vector<KvWrite>{{Keyspace::kVertex, "b", "1"}}, {}, true));
}

INSTANTIATE_TEST_SUITE_P(Backends, KvBulkFilesTest, testing::Values(Backend::kRocksDb), BackendName);
#endif

}  // namespace
}  // namespace tupu
