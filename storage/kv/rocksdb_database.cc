#include "storage/kv/internal/rocksdb_database.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <mutex>

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include "storage/kv/environment.h"
#include "storage/kv/internal/environment_files.h"
#include "storage/kv/internal/log_check.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, kNumKeyspaces> kFamilyNames = {"default", "vertex", "adjacency", "edge", "index"};

/// The greatest size of a write buffer that RocksDB accepts.
constexpr uint64_t kUnlimited = 64ull << 30;

/// Of all families together.
uint64_t WriteBufferLimit(const RocksDbOptions& given) {
  if (given.write_buffer_bytes > 0) return given.write_buffer_bytes;
  return std::clamp<uint64_t>(given.cache_bytes / 32, 4 << 20, 64 << 20);
}

/// Bytes of a write buffer's filter for each byte that all buffers may hold. Filters are cleared at every opening, which
/// was a quarter of its cost; most of what is written is adjacency.
double FilterShare(Keyspace space, const RocksDbOptions& given) {
  const double share = space == Keyspace::kAdjacency ? 0.02 : 0.004;
  return given.read_only || given.follow ? share / 8 : share;  // readers hold what a log brings, little as a rule
}

rocksdb::ColumnFamilyOptions FamilyOptions(Keyspace space, const RocksDbOptions& given,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  if (space == Keyspace::kVertex || space == Keyspace::kAdjacency || space == Keyspace::kEdge) {
    // Their records are looked up one by one: half of such a look-up was the walk to the key within its 16.
    table.block_restart_interval = 4;
  }
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Index and filter blocks outside the cache would make memory unbounded.
  table.cache_index_and_filter_blocks = true;
  table.metadata_cache_options.unpartitioned_pinning =
      rocksdb::PinningTier::kAll;  // counted there, not looked up there
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.level_compaction_dynamic_level_bytes = true;
  // No family's buffer is ever full by itself; what all of them hold has a limit (DatabaseOptions). When two were full at
  // once and the log could not be changed, RocksDB 7.8 would lose count of its references (DBImpl::ScheduleFlushes) and
  // Debian's build stop the process when the database is closed.
  options.write_buffer_size = kUnlimited;
  options.arena_block_size = std::clamp<uint64_t>(WriteBufferLimit(given) / 64, 4 << 10, 1 << 20);
  // A look-up that misses the write buffer costs a hash instead of a search (measured: 20 times cheaper).
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio =
      FilterShare(space, given) * static_cast<double>(WriteBufferLimit(given)) / kUnlimited;
  // The keys of a batch are mostly in order: each is searched for from the place of the one before.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(0));
  return options;
}

/// RocksDB's warnings, in the file LOG of the database. RocksDB's own logger stops the process when the disk is full
/// (Debian's build asserts that no log file is written to again after an error); this one loses the line.
class WarningLog : public rocksdb::Logger {
 public:
  WarningLog(const std::string& directory, std::shared_ptr<Environment> environment)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL),
        environment_(std::move(environment)),
        file_(OpenFile(directory), &std::fclose) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    const std::scoped_lock lock(mutex_);
    if (file_ == nullptr) return;
    const auto now = environment_ ? environment_->Now() : std::chrono::system_clock::now();
    const auto seconds = now.time_since_epoch() / std::chrono::seconds(1);
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

  const std::shared_ptr<Environment> environment_;
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

/// Notes the errors after which the store goes on with another instance.
class ErrorListener : public rocksdb::EventListener {
 public:
  explicit ErrorListener(std::shared_ptr<WriteHealth> health) : health_(std::move(health)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    health_->NoteError(status->ToString());
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* automatic) override {
    *automatic = false;
  }

 private:
  const std::shared_ptr<WriteHealth> health_;
};

class HeldFolder : public FolderLock {
 public:
  explicit HeldFolder(rocksdb::FileLock* lock) : lock_(lock) {}
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;
  ~HeldFolder() override { rocksdb::Env::Default()->UnlockFile(lock_); }

 private:
  rocksdb::FileLock* const lock_;
};

rocksdb::WALRecoveryMode ToRocksDb(LogRecovery recovery) {
  switch (recovery) {
    case LogRecovery::kStrict: break;
    case LogRecovery::kPointInTime: return rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    case LogRecovery::kSkipDamaged: return rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  }
  return rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
}

rocksdb::DBOptions DatabaseOptions(const RocksDbOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions db;
  db.create_if_missing = options.create_if_missing && !options.read_only;
  db.create_missing_column_families = db.create_if_missing;
  // The default mode drops every commit behind a damaged one without a word; this one tolerates only a torn end.
  db.wal_recovery_mode = ToRocksDb(options.log_recovery);
  // Other processes read beside the writer, whose log files they do not track.
  db.track_and_verify_wals_in_manifest = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.paranoid_checks = true;
  db.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(WriteBufferLimit(options), cache);
  db.max_total_wal_size = 2 * WriteBufferLimit(options);  // all of it is in memory when a crash is recovered from
  db.bytes_per_sync = 1 << 20;
  db.max_background_jobs = 2;
  db.allow_concurrent_memtable_write = false;  // there is one writer at a time, and hints want it so
  db.max_bgerror_resume_count = 0;             // no resuming behind our back
  // Debian's headers choose DEBUG in a build without NDEBUG.
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.info_log = std::make_shared<NoLog>();
  db.max_open_files = -1;
  db.max_file_opening_threads = 2;  // of each family: the default of 16 starts 75 threads whenever a database is opened
  return db;
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

Error NoDatabase(const std::string& directory) {
  return Error{ErrorCode::kNotFound, fmt::format("{}: there is no tupu database here; load data into it first, or "
                                                 "name another folder",
                                                 directory)};
}

/// A RocksDB of another program must not be touched, not even by a recovery.
Status CheckFamilies(const std::string& directory, const rocksdb::DBOptions& options) {
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

rocksdb::Status OpenDb(const std::string& directory, const RocksDbSetting& setting, bool read_only,
                       std::vector<rocksdb::ColumnFamilyHandle*>& handles, rocksdb::DB*& db) {
  if (!read_only) return rocksdb::DB::Open(setting.options, directory, setting.families, &handles, &db);
  rocksdb::Status status;
  // The writer may delete a file between our reading of its list and our opening of it: then the list is new, too.
  for (int attempt = 0; attempt < 5; ++attempt) {
    handles.clear();
    status = rocksdb::DB::OpenForReadOnly(setting.options, directory, setting.families, &handles, &db);
    if (status.ok() || !(status.IsPathNotFound() || status.IsIOError())) break;
  }
  return status;
}

/// Syncs the entry of `path` into the folder that holds it: a database whose folder vanishes with the power is lost with
/// all its commits, however well they were synced.
rocksdb::IOStatus SyncEntry(const fs::path& path, rocksdb::FileSystem& files) {
  std::unique_ptr<rocksdb::FSDirectory> parent;
  rocksdb::IOStatus status = files.NewDirectory(path.parent_path().string(), {}, &parent, nullptr);
  return status.ok() ? parent->Fsync({}, nullptr) : status;
}

/// Makes the folder and those above it, to last. One that is there already may have been made by a try that failed.
Status MakeFolder(const std::string& directory, rocksdb::FileSystem& files) {
  const fs::path path = fs::absolute(fs::path(directory)).lexically_normal();
  std::vector<fs::path> missing;
  std::error_code failed;
  for (fs::path at = path; !at.empty() && !fs::exists(at, failed); at = at.parent_path()) {
    if (at.has_filename()) missing.push_back(at);  // not of "folder/"
    if (at == at.root_path()) break;
  }
  if (missing.empty()) missing.push_back(path.has_filename() ? path : path.parent_path());
  for (size_t i = missing.size(); i-- > 0;) {
    rocksdb::IOStatus status = files.CreateDirIfMissing(missing[i].string(), {}, nullptr);
    if (status.ok()) status = SyncEntry(missing[i], files);
    if (status.ok()) continue;
    std::error_code ignored;
    fs::remove(missing[i], ignored);  // if it is empty: the next try makes it again
    return FromRocksDb(status, fmt::format("{}: cannot be made", missing[i].string()));
  }
  return {};
}

}  // namespace

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

std::span<const char* const> FamilyNames() {
  return kFamilyNames;
}

RocksDbSetting::RocksDbSetting(const RocksDbOptions& given)
    : health(std::make_shared<WriteHealth>()),
      fence(std::make_shared<WriteFence>()),
      // A cache of its own for each database: a copied folder must not be served from the original's blocks.
      cache(rocksdb::NewLRUCache(given.cache_bytes)),
      cache_bytes(given.cache_bytes) {
  auto files = given.environment ? FilesThrough(given.environment) : rocksdb::FileSystem::Default();
  env = EnvOf(fence->Watch(std::move(files)), given.environment);
  options = DatabaseOptions(given, cache);
  options.env = env.get();
  options.listeners.push_back(std::make_shared<ErrorListener>(health));
  for (size_t space = 0; space < kFamilyNames.size(); ++space) {
    families.emplace_back(kFamilyNames[space], FamilyOptions(static_cast<Keyspace>(space), given, cache));
  }
}

RocksDbDatabase::~RocksDbDatabase() {
  for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
  db_->Close();
  fence().RemoveEmptyLogs();
}

Error RocksDbDatabase::Failed(const rocksdb::Status& status, std::string_view doing) const {
  return FromRocksDb(status, fmt::format("{}: {}", directory_, doing));
}

Result<std::shared_ptr<FolderLock>> LockFolder(const std::string& directory) {
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status = rocksdb::Env::Default()->LockFile(directory + "/LOCK", &lock);
  if (!status.ok()) return FromRocksDb(status, directory);
  return std::shared_ptr<FolderLock>(std::make_shared<HeldFolder>(lock));
}

Status CheckIsDatabase(const std::string& directory, const RocksDbSetting& setting) {
  TUPU_TRY_ASSIGN(const FolderState state, Inspect(directory));
  if (state != FolderState::kDatabase) return NoDatabase(directory);
  return CheckFamilies(directory, setting.options);
}

Result<std::shared_ptr<RocksDbDatabase>> OpenRocksDbDatabase(const std::string& directory,
                                                             const RocksDbOptions& options,
                                                             std::shared_ptr<FolderLock> lock) {
  TUPU_TRY_ASSIGN(const FolderState state, Inspect(directory));
  const bool may_create = options.create_if_missing && !options.read_only;
  if (state != FolderState::kDatabase && !may_create) return NoDatabase(directory);
  RocksDbSetting setting(options);
  if (state == FolderState::kDatabase) {
    TUPU_TRY(CheckFamilies(directory, setting.options));
  } else {
    TUPU_TRY(MakeFolder(directory, *setting.env->GetFileSystem()));
  }
  setting.lock = std::move(lock);
  if (!options.read_only && setting.lock == nullptr) {
    TUPU_TRY_ASSIGN(setting.lock, LockFolder(directory));
  }
  if (state == FolderState::kDatabase && options.log_recovery == LogRecovery::kStrict) {
    TUPU_TRY(CheckLogEnds(directory, *setting.env));
  }
  if (!options.read_only) setting.options.info_log = std::make_shared<WarningLog>(directory, options.environment);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = OpenDb(directory, setting, options.read_only, handles, raw);
  if (!status.ok()) return FromRocksDb(status, directory);
  return std::make_shared<RocksDbDatabase>(directory, std::move(setting), std::unique_ptr<rocksdb::DB>(raw),
                                           std::move(handles));
}

}  // namespace tupu
