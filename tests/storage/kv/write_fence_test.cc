// What the fence does to a log beneath RocksDB: zeros ahead of small synced commits, and the cut of what was not acknowledged.

#include "storage/kv/internal/write_fence.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "storage/kv/environment.h"
#include "storage/kv/internal/environment_files.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class WriteFenceTest : public testing::Test {
 protected:
  void SetUp() override {
    files_ = fence_->Watch(rocksdb::FileSystem::Default());
    ASSERT_TRUE(files_->NewWritableFile(path_, {}, &log_, nullptr).ok());
  }
  /// Whatever is appended is no record: only lengths count here.
  void Append(size_t bytes, bool sync) {
    ASSERT_TRUE(log_->Append(std::string(bytes, 'x'), {}, nullptr).ok());
    if (!sync) return;
    ASSERT_TRUE(log_->Sync({}, nullptr).ok());
  }
  void CloseLog() {
    ASSERT_TRUE(log_->Close({}, nullptr).ok());
    log_.reset();
  }
  uint64_t FileSize() const { return std::filesystem::file_size(path_); }
  /// As the instance behind the fence sees it.
  uint64_t SizeWithin() const {
    uint64_t size = 0;
    EXPECT_TRUE(files_->GetFileSize(path_, {}, &size, nullptr).ok());
    return size;
  }

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "000001.log";
  const std::shared_ptr<WriteFence> fence_ = std::make_shared<WriteFence>();
  std::shared_ptr<rocksdb::FileSystem> files_;
  std::unique_ptr<rocksdb::FSWritableFile> log_;
};

TEST_F(WriteFenceTest, ManySmallSyncedAppendsAreWrittenIntoZeros) {
  for (int i = 0; i < 7; ++i) Append(100, true);
  EXPECT_EQ(FileSize(), 700u);  // some few are not worth it
  for (int i = 0; i < 300; ++i) Append(1'000, true);
  EXPECT_GT(FileSize(), 300'700u + 32'000u);
  EXPECT_LT(FileSize(), 300'700u + 400'000u);
  EXPECT_EQ(SizeWithin(), 300'700u);
  CloseLog();
  EXPECT_EQ(FileSize(), 300'700u);
}

TEST_F(WriteFenceTest, LargeOrUnsyncedAppendsAreNot) {
  for (int i = 0; i < 20; ++i) Append(100'000, true);
  EXPECT_EQ(FileSize(), 2'000'000u);
  for (int i = 0; i < 20; ++i) Append(100, false);
  EXPECT_EQ(FileSize(), 2'002'000u);
}

TEST_F(WriteFenceTest, ZerosGoBeforeASecondUnsyncedAppend) {
  for (int i = 0; i < 10; ++i) Append(100, true);
  Append(100, false);
  EXPECT_GT(FileSize(), 1'100u);
  Append(100, false);
  EXPECT_EQ(FileSize(), 1'200u);
}

TEST_F(WriteFenceTest, WhatWasNotAcknowledgedIsCutWithTheZeros) {
  for (int i = 0; i < 10; ++i) Append(100, true);
  fence_->Acknowledge();
  Append(100, true);
  ASSERT_TRUE(fence_->Close().ok());
  EXPECT_EQ(FileSize(), 1'000u);
  EXPECT_FALSE(log_->Append("x", {}, nullptr).ok());
  (void)log_->Close({}, nullptr);
  EXPECT_EQ(FileSize(), 1'000u);
}

TEST_F(WriteFenceTest, ALogThatIsClosedIsCutToo) {
  Append(100, true);
  fence_->Acknowledge();
  Append(50, true);
  CloseLog();
  ASSERT_TRUE(fence_->Close().ok());
  EXPECT_EQ(FileSize(), 100u);
}

/// A sync that can be made to fail.
class FailingSyncs : public Environment {
 public:
  FileVerdict Before(const FileCall& call) override {
    return {fail && call.operation == FileOperation::kSync ? FileVerdict::kFail : FileVerdict::kDo};
  }
  bool fail = false;
};

// RocksDB deletes the tables of an ingest whose change of the MANIFEST was written and not synced.
TEST_F(WriteFenceTest, NoTableIsDeletedWhileTheManifestMayNameIt) {
  const auto environment = std::make_shared<FailingSyncs>();
  const auto fence = std::make_shared<WriteFence>();
  const auto files = fence->Watch(FilesThrough(environment));
  const std::string path = directory_ / "MANIFEST-000001";
  std::unique_ptr<rocksdb::FSWritableFile> manifest;
  std::unique_ptr<rocksdb::FSWritableFile> table;
  ASSERT_TRUE(files->NewWritableFile(path, {}, &manifest, nullptr).ok());
  for (const char* name : {"1.sst", "2.sst"}) {
    ASSERT_TRUE(files->NewWritableFile(directory_ / name, {}, &table, nullptr).ok());
  }
  ASSERT_TRUE(manifest->Append("first", {}, nullptr).ok() && manifest->Sync({}, nullptr).ok());
  EXPECT_TRUE(files->DeleteFile(directory_ / "1.sst", {}, nullptr).ok());
  environment->fail = true;
  ASSERT_TRUE(manifest->Append("second", {}, nullptr).ok());
  ASSERT_FALSE(manifest->Sync({}, nullptr).ok());
  EXPECT_FALSE(files->DeleteFile(directory_ / "2.sst", {}, nullptr).ok());
  environment->fail = false;
  ASSERT_TRUE(fence->Close().ok());
  EXPECT_EQ(std::filesystem::file_size(path), 5u);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "2.sst"));
}

}  // namespace
}  // namespace tupu
