#include <algorithm>
#include <array>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string_view>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include "storage/kv/kv_store.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

// By Keyspace. The meta space lives in the family that every RocksDB has.
constexpr std::array<const char*, kNumKeyspaces> kFamilyNames = {"default", "vertex", "adjacency", "edge", "index"};

/// The one translation of RocksDB's errors; `what` is what was tried and where.
Error FromRocksDb(const rocksdb::Status& status, std::string_view what) {
  const std::string text = status.ToString();
  const auto error = [&](ErrorCode code, std::string_view advice) {
    return Error{code, fmt::format("{}: {}; {}", what, text, advice)};
  };
  if (status.IsNoSpace()) return error(ErrorCode::kIo, "the disk is full: free some space and try again");
  if (status.IsMemoryLimit()) return error(ErrorCode::kResourceExhausted, "the memory limit was reached: raise it");
  if (status.IsCorruption()) {
    return error(ErrorCode::kCorruption, "stored bytes are not what was written: restore a copy");
  }
  if (status.IsNotFound() || status.IsPathNotFound()) return error(ErrorCode::kNotFound, "check the path");
  if (status.IsBusy() || status.IsTryAgain()) return error(ErrorCode::kConflict, "try again");
  if (status.IsNotSupported()) return error(ErrorCode::kUnsupported, "this store cannot do it");
  if (status.IsIOError() && text.find("lock") != std::string::npos && text.find("LOCK") != std::string::npos) {
    return Error{ErrorCode::kBusy,
                 fmt::format("{}: another process holds the database for writing; wait for it to end, "
                             "or open the database for reading only",
                             what)};
  }
  if (status.IsInvalidArgument()) return error(ErrorCode::kCorruption, "the files do not fit together");
  return error(ErrorCode::kIo, "check the disk and the rights on the folder");
}

/// An open database with its families; shared by store and snapshots, so that it closes after the last of them.
class Db {
 public:
  Db(std::string directory, std::unique_ptr<rocksdb::DB> db, std::vector<rocksdb::ColumnFamilyHandle*> families)
      : directory_(std::move(directory)), db_(std::move(db)), families_(std::move(families)) {}
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;
  ~Db() {
    for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
    db_->Close();
  }

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Keyspace space) const { return families_[static_cast<size_t>(space)]; }
  const std::string& directory() const { return directory_; }
  Error Failed(const rocksdb::Status& status, std::string_view doing) const {
    return FromRocksDb(status, fmt::format("{}: {}", directory_, doing));
  }

 private:
  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

rocksdb::Slice ToSlice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

class RocksDbSnapshot : public KvSnapshot {
 public:
  explicit RocksDbSnapshot(std::shared_ptr<Db> db) : db_(std::move(db)), snapshot_(db_->db().GetSnapshot()) {}
  ~RocksDbSnapshot() override { db_->db().ReleaseSnapshot(snapshot_); }

  Result<std::optional<std::string>> Get(Keyspace space, std::string_view key) const override {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = db_->db().Get(Options(), db_->family(space), ToSlice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return db_->Failed(status, "read");
    return std::optional(std::string(ToView(value)));
  }

  Result<std::vector<std::optional<std::string>>> MultiGet(Keyspace space,
                                                           std::span<const std::string> keys) const override {
    std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->db().MultiGet(Options(), db_->family(space), keys.size(), slices.data(), found.data(), statuses.data());
    std::vector<std::optional<std::string>> values(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return db_->Failed(statuses[i], "read");
      values[i] = std::string(ToView(found[i]));
    }
    return values;
  }

  Status Scan(Keyspace space, std::string_view begin, std::string_view end,
              const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    rocksdb::ReadOptions options = Options();
    const rocksdb::Slice upper = ToSlice(end);
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(db_->db().NewIterator(options, db_->family(space)));
    for (at->Seek(ToSlice(begin)); at->Valid(); at->Next()) {
      if (!visit(ToView(at->key()), ToView(at->value()))) break;
    }
    // The end of the range and a failed read look alike until the status is asked.
    return at->status().ok() ? Status() : db_->Failed(at->status(), "scan");
  }

  Result<std::vector<std::vector<std::pair<std::string, std::string>>>> Expand(
      Keyspace space, std::span<const std::string> prefixes) const override {
    std::vector<std::vector<std::pair<std::string, std::string>>> results(prefixes.size());
    const std::unique_ptr<rocksdb::Iterator> at(db_->db().NewIterator(Options(), db_->family(space)));
    for (size_t i = 0; i < prefixes.size(); ++i) {
      for (at->Seek(prefixes[i]); at->Valid() && at->key().starts_with(prefixes[i]); at->Next()) {
        results[i].emplace_back(ToView(at->key()), ToView(at->value()));
      }
      if (!at->status().ok()) return db_->Failed(at->status(), "scan");
    }
    return results;
  }

 private:
  rocksdb::ReadOptions Options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    return options;
  }

  const std::shared_ptr<Db> db_;
  const rocksdb::Snapshot* const snapshot_;
};

class RocksDbStore : public KvStore {
 public:
  RocksDbStore(std::shared_ptr<Db> db, bool read_only) : db_(std::move(db)), read_only_(read_only) {}

  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    return std::shared_ptr<const KvSnapshot>(std::make_shared<RocksDbSnapshot>(db_));
  }

  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    if (read_only_) return Error{ErrorCode::kUnsupported, db_->directory() + ": it was opened for reading only"};
    rocksdb::WriteBatch writes;
    for (const KvWrite& write : batch) {
      const rocksdb::Status status = write.value ? writes.Put(db_->family(write.space), write.key, *write.value)
                                                 : writes.Delete(db_->family(write.space), write.key);
      if (!status.ok()) return db_->Failed(status, "write");
    }
    rocksdb::WriteOptions options;
    options.sync = sync;
    // Writes with preconditions go one after the other; others join RocksDB's group commit.
    std::unique_lock lock(precondition_mutex_, std::defer_lock);
    if (!preconditions.empty()) lock.lock();
    for (const KvPrecondition& condition : preconditions) TUPU_TRY(Check(condition));
    const rocksdb::Status status = db_->db().Write(options, &writes);
    return status.ok() ? Status() : db_->Failed(status, "write");
  }

  Status Checkpoint(const std::string& directory) override {
    rocksdb::Checkpoint* raw = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&db_->db(), &raw);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
    if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
    if (status.ok()) return {};
    if (status.IsInvalidArgument()) {
      return Error{ErrorCode::kAlreadyExists,
                   fmt::format("{}: the folder is there already; name a new one", directory)};
    }
    return FromRocksDb(status, fmt::format("copy {} to {}", db_->directory(), directory));
  }

  Status Compact() override {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (int space = 0; space < kNumKeyspaces; ++space) {
      const rocksdb::Status status =
          db_->db().CompactRange(options, db_->family(static_cast<Keyspace>(space)), nullptr, nullptr);
      if (!status.ok()) return db_->Failed(status, "compact");
    }
    return {};
  }

  Result<KvStats> Stats() const override {
    KvStats stats;
    stats.backend = fmt::format("RocksDB {}", rocksdb::GetRocksVersionAsString());
    for (int space = 0; space < kNumKeyspaces; ++space) {
      uint64_t bytes = 0;
      db_->db().GetIntProperty(db_->family(static_cast<Keyspace>(space)), rocksdb::DB::Properties::kTotalSstFilesSize,
                               &bytes);
      stats.bytes_by_keyspace.emplace_back(space == 0 ? "meta" : kFamilyNames[static_cast<size_t>(space)], bytes);
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(db_->directory(), failed)) {
      std::error_code gone;  // a file may vanish while we look
      const auto size = entry.file_size(gone);
      if (!gone) stats.bytes_on_disk += size;
    }
    if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", db_->directory(), failed.message())};
    return stats;
  }

 private:
  Status Check(const KvPrecondition& condition) const {
    std::string value;
    const rocksdb::Status status =
        db_->db().Get(rocksdb::ReadOptions(), db_->family(condition.space), condition.key, &value);
    if (!status.ok() && !status.IsNotFound()) return db_->Failed(status, "read");
    const bool holds = condition.expected ? status.ok() && value == *condition.expected : status.IsNotFound();
    if (holds) return {};
    return Error{ErrorCode::kConflict, "another transaction changed what this one rests on; try again"};
  }

  const std::shared_ptr<Db> db_;
  const bool read_only_;
  std::mutex precondition_mutex_;
};

// --- Opening ---

rocksdb::ColumnFamilyOptions FamilyOptions(const std::shared_ptr<rocksdb::Cache>& cache, uint64_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Index and filter blocks outside the cache would make memory unbounded.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  options.write_buffer_size = std::clamp<uint64_t>(cache_bytes / 4, 4ull << 20, 64ull << 20);
  // A look-up that misses the write buffer costs a hash instead of a search (measured: 20 times cheaper).
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  return options;
}

/// RocksDB's warnings, in the file LOG of the database. RocksDB's own logger stops the process when the disk is full
/// (Debian's build asserts that no log file is written to again after an error); this one loses the line.
class WarningLog : public rocksdb::Logger {
 public:
  explicit WarningLog(const std::string& directory)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), file_(OpenFile(directory), &std::fclose) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    const std::scoped_lock lock(mutex_);
    if (file_ == nullptr) return;
    const auto seconds = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
    std::fprintf(file_.get(), "%lld ", static_cast<long long>(seconds));
    std::vfprintf(file_.get(), format, arguments);
    std::fputc('\n', file_.get());
    std::fflush(file_.get());
  }

 private:
  static constexpr uint64_t kMaxBytes = 1 << 20;

  static std::FILE* OpenFile(const std::string& directory) {
    const std::string path = directory + "/LOG";
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    return std::fopen(path.c_str(), !missing && size > kMaxBytes ? "w" : "a");
  }

  std::mutex mutex_;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// For readers, who write nothing into a database's folder.
class NoLog : public rocksdb::Logger {
 public:
  NoLog() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::Options DbOptions(const RocksDbOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions db;
  db.create_if_missing = options.create_if_missing && !options.read_only;
  db.create_missing_column_families = db.create_if_missing;
  // The default mode drops every commit behind a damaged one without a word; this one tolerates only a torn end.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Other processes read beside the writer, whose log files they do not track.
  db.track_and_verify_wals_in_manifest = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.paranoid_checks = true;
  db.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.cache_bytes / 2, cache);
  db.max_total_wal_size = 256ull << 20;
  db.bytes_per_sync = 1 << 20;
  db.max_background_jobs = 2;
  // Debian's headers choose DEBUG in a build without NDEBUG.
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.max_open_files = -1;
  return rocksdb::Options(db, FamilyOptions(cache, options.cache_bytes));
}

enum class FolderState { kMissing, kEmpty, kDatabase };

/// Files that RocksDB makes before CURRENT, which makes a folder a database: a creation that was cut off leaves them.
bool IsOfUnfinishedCreation(const std::string& name) {
  const auto starts = [&](std::string_view prefix) { return name.starts_with(prefix); };
  return name == "LOCK" || name == "IDENTITY" || starts("LOG") || starts("MANIFEST-") || name.ends_with(".dbtmp");
}

Result<FolderState> Inspect(const std::string& directory) {
  std::error_code failed;
  const fs::file_status status = fs::status(directory, failed);
  if (status.type() == fs::file_type::not_found) return FolderState::kMissing;
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, failed.message())};
  if (status.type() != fs::file_type::directory) {
    return Error{ErrorCode::kCorruption,
                 fmt::format("{}: this is a file, not a tupu database; a database is a folder", directory)};
  }
  if (fs::exists(fs::path(directory) / "CURRENT", failed)) return FolderState::kDatabase;
  fs::directory_iterator files(directory, failed);
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, failed.message())};
  for (const fs::directory_entry& file : files) {
    if (IsOfUnfinishedCreation(file.path().filename().string())) continue;
    return Error{ErrorCode::kCorruption,
                 fmt::format("{}: this folder is not a tupu database (it holds \"{}\"); name an empty or new folder",
                             directory, file.path().filename().string())};
  }
  return FolderState::kEmpty;
}

/// A RocksDB of another program must not be touched, not even by a recovery.
Status CheckFamilies(const std::string& directory, const rocksdb::Options& options) {
  std::vector<std::string> families;
  const rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, directory, &families);
  if (!status.ok()) return FromRocksDb(status, directory);
  std::sort(families.begin(), families.end());
  std::vector<std::string> expected(kFamilyNames.begin(), kFamilyNames.end());
  std::sort(expected.begin(), expected.end());
  // A creation that was cut off may have made some of the families only.
  if (std::includes(expected.begin(), expected.end(), families.begin(), families.end())) return {};
  return Error{ErrorCode::kCorruption,
               fmt::format("{}: this is not a tupu database but another program's; name another folder", directory)};
}

rocksdb::Status OpenDb(const std::string& directory, const rocksdb::Options& options, bool read_only,
                       std::vector<rocksdb::ColumnFamilyHandle*>& handles, rocksdb::DB*& db) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const char* name : kFamilyNames) families.emplace_back(name, options);
  if (!read_only) return rocksdb::DB::Open(options, directory, families, &handles, &db);
  rocksdb::Status status;
  // The writer may delete a file between our reading of its list and our opening of it: then the list is new, too.
  for (int attempt = 0; attempt < 5; ++attempt) {
    handles.clear();
    status = rocksdb::DB::OpenForReadOnly(options, directory, families, &handles, &db);
    if (status.ok() || !(status.IsPathNotFound() || status.IsIOError())) break;
  }
  return status;
}

}  // namespace

Result<std::unique_ptr<KvStore>> OpenRocksDbStore(const std::string& directory, const RocksDbOptions& options) {
  TUPU_TRY_ASSIGN(const FolderState state, Inspect(directory));
  const bool may_create = options.create_if_missing && !options.read_only;
  if (state != FolderState::kDatabase && !may_create) {
    return Error{ErrorCode::kNotFound, fmt::format("{}: there is no tupu database here; load data into it first, or "
                                                   "name another folder",
                                                   directory)};
  }
  // A cache of its own for each database: a copied folder must not be served from the original's blocks.
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.cache_bytes);
  rocksdb::Options db_options = DbOptions(options, cache);
  db_options.info_log = std::make_shared<NoLog>();
  if (state == FolderState::kDatabase) TUPU_TRY(CheckFamilies(directory, db_options));
  if (state == FolderState::kMissing) {
    std::error_code failed;
    fs::create_directories(directory, failed);
    if (failed) return Error{ErrorCode::kIo, fmt::format("{}: cannot be made: {}", directory, failed.message())};
  }
  if (!options.read_only) db_options.info_log = std::make_shared<WarningLog>(directory);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = OpenDb(directory, db_options, options.read_only, handles, raw);
  if (!status.ok()) return FromRocksDb(status, directory);
  auto db = std::make_shared<Db>(directory, std::unique_ptr<rocksdb::DB>(raw), std::move(handles));
  return std::unique_ptr<KvStore>(std::make_unique<RocksDbStore>(std::move(db), options.read_only));
}

}  // namespace tupu
