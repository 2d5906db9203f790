#include "storage/kv/internal/rocksdb_bulk_writer.h"

#include <array>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/sst_file_writer.h>

namespace tupu {

namespace {

namespace fs = std::filesystem;

/// A file above it is closed and the next one begun: compactions work on whole files.
constexpr uint64_t kMaxFileBytes = 64ull << 20;

std::string BulkDirectory(const std::string& directory) {
  return (fs::path(directory) / "bulk").string();
}

/// The finished files of one keyspace.
struct Files {
  std::mutex mutex;
  std::vector<std::string> paths;
};

class RocksDbRun : public KvRun {
 public:
  RocksDbRun(const rocksdb::Options& options, std::string path_prefix, Files& files)
      : options_(options), path_prefix_(std::move(path_prefix)), files_(files) {}

  Status Put(std::string_view key, std::string_view value) override {
    TUPU_TRY(Prepare());
    const rocksdb::Status status = writer_->Put(ToSlice(key), ToSlice(value));
    return status.ok() ? Status() : FromRocksDb(status, path_);
  }
  Status Delete(std::string_view key) override {
    TUPU_TRY(Prepare());
    const rocksdb::Status status = writer_->Delete(ToSlice(key));
    return status.ok() ? Status() : FromRocksDb(status, path_);
  }
  Status Finish() override { return writer_ == nullptr ? Status() : Close(); }

 private:
  /// Makes sure that a file is open that has room. Its size is asked for now and then: the answer costs as much as a
  /// pair.
  Status Prepare() {
    if (writer_ != nullptr && ++pairs_ % 1024 == 0 && writer_->FileSize() > kMaxFileBytes) TUPU_TRY(Close());
    if (writer_ != nullptr) return {};
    path_ = fmt::format("{}-{}.sst", path_prefix_, number_++);
    // Written out bit by bit (bytes_per_sync), so that the ingest has little left to sync; kept in the page cache.
    constexpr bool kDropFromPageCache = false;
    writer_ =
        std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_, nullptr, kDropFromPageCache);
    const rocksdb::Status status = writer_->Open(path_);
    return status.ok() ? Status() : FromRocksDb(status, path_);
  }

  Status Close() {
    const rocksdb::Status status = writer_->Finish();
    writer_.reset();
    if (!status.ok()) return FromRocksDb(status, path_);
    const std::scoped_lock lock(files_.mutex);
    files_.paths.push_back(path_);
    return {};
  }

  const rocksdb::Options& options_;
  const std::string path_prefix_;
  Files& files_;
  std::string path_;
  int number_ = 0;
  uint64_t pairs_ = 0;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

class RocksDbBulkWriter : public KvBulkWriter {
 public:
  RocksDbBulkWriter(std::shared_ptr<RocksDbDatabase> database, std::string directory)
      : database_(std::move(database)), directory_(std::move(directory)) {
    for (rocksdb::ColumnFamilyHandle* family : database_->families()) {
      options_.push_back(database_->db().GetOptions(family));
      // The stronger compression of the last level would take half of the load's time; a compaction applies it.
      options_.back().bottommost_compression = rocksdb::kDisableCompressionOption;
    }
  }
  ~RocksDbBulkWriter() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  Result<std::unique_ptr<KvRun>> NewRun(Keyspace space) override {
    const std::scoped_lock lock(mutex_);
    const auto index = static_cast<size_t>(space);
    return std::unique_ptr<KvRun>(std::make_unique<RocksDbRun>(
        options_[index], fmt::format("{}/{}-{}", directory_, index, runs_++), files_[index]));
  }

  Status Ingest() override {
    std::vector<rocksdb::IngestExternalFileArg> arguments;
    for (size_t space = 0; space < files_.size(); ++space) {
      if (files_[space].paths.empty()) continue;
      rocksdb::IngestExternalFileArg argument;
      argument.column_family = database_->families()[space];
      argument.external_files = files_[space].paths;
      argument.options.move_files = true;           // hard links: nothing is copied
      argument.options.write_global_seqno = false;  // kept in the manifest; the checked bytes stay as they are
      arguments.push_back(std::move(argument));
    }
    if (arguments.empty()) return {};
    // Taken in before the first write and without a snapshot, keys would have number 0. RocksDB 7.8 loses such keys when it
    // compacts them under a snapshot of that number (CompactionIterator takes 0 for "no snapshot").
    std::optional<rocksdb::ManagedSnapshot> held;
    if (database_->db().GetLatestSequenceNumber() == 0) held.emplace(&database_->db());
    // What the new files rest on must not be lost while they stay: earlier commits may not have been synced.
    rocksdb::Status status = database_->db().SyncWAL();
    if (status.ok()) status = database_->db().IngestExternalFiles(arguments);
    return status.ok() ? Status() : database_->Failed(status, "take in the loaded files");
  }

  const std::string& scratch_directory() const override { return directory_; }

 private:
  const std::shared_ptr<RocksDbDatabase> database_;
  const std::string directory_;
  std::vector<rocksdb::Options> options_;  // by keyspace
  std::mutex mutex_;
  int runs_ = 0;
  std::array<Files, kNumKeyspaces> files_;
};

}  // namespace

Result<std::unique_ptr<KvBulkWriter>> MakeRocksDbBulkWriter(std::shared_ptr<RocksDbDatabase> database) {
  RemoveBulkFiles(database->directory());
  const std::string scratch = BulkDirectory(database->directory());
  std::error_code failed;
  fs::create_directory(scratch, failed);
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: cannot be made: {}", scratch, failed.message())};
  return std::unique_ptr<KvBulkWriter>(std::make_unique<RocksDbBulkWriter>(std::move(database), scratch));
}

void RemoveBulkFiles(const std::string& directory) {
  std::error_code ignored;  // what stays is in nobody's way and is tried again
  fs::remove_all(BulkDirectory(directory), ignored);
}

}  // namespace tupu
