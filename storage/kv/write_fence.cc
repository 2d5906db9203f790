#include "storage/kv/internal/write_fence.h"

#include <algorithm>
#include <utility>

#include "storage/kv/internal/log_end.h"
#include "storage/kv/internal/table_check.h"

namespace tupu {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

bool IsManifest(const std::string& path) {
  return path.compare(path.rfind('/') + 1, 9, "MANIFEST-") == 0;
}

}  // namespace

template <class Change>
IOStatus WriteFence::Do(const Change& change) {
  const std::shared_lock lock(changing_);
  if (closed_) return IOStatus::IOError("writing has ended after an error");
  return change();
}

class FencedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FencedFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<WriteFence> fence)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), fence_(std::move(fence)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return Appended(data.size(), target()->Append(data, options, debug)); });
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& checksum,
                  IODebugContext* debug) override {
    return fence_->Do([&] { return Appended(data.size(), target()->Append(data, options, checksum, debug)); });
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const IOOptions& options,
                            IODebugContext* debug) override {
    return fence_->Do([&] { return target()->PositionedAppend(data, offset, options, debug); });
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo& checksum, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->PositionedAppend(data, offset, options, checksum, debug); });
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->Truncate(size, options, debug); });
  }

 protected:
  virtual IOStatus Appended(size_t, IOStatus status) { return status; }

  const std::shared_ptr<WriteFence> fence_;
};

/// Counts what it takes in, and writes zeros ahead of it: a sync is a third cheaper (measured) where it need not change the
/// length of the file. Only where commits are small and each is synced before the next is written, so that no two can be
/// torn at once (log_end.h).
class FencedLog : public FencedFile {
 public:
  FencedLog(std::unique_ptr<rocksdb::FSWritableFile> file, const std::string& path, std::shared_ptr<WriteFence> fence)
      : FencedFile(std::move(file), std::move(fence)), log_(fence_->AddLog(path, false, target())) {}
  ~FencedLog() override { fence_->NoteClosed(*log_); }

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(ahead_mutex_);
    IOStatus status = KeepOrder(options, debug);
    return status.ok() ? FencedFile::Append(data, options, debug) : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& checksum,
                  IODebugContext* debug) override {
    const std::lock_guard lock(ahead_mutex_);
    IOStatus status = KeepOrder(options, debug);
    return status.ok() ? FencedFile::Append(data, options, checksum, debug) : status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    const uint64_t length = Length();
    IOStatus status = target()->Sync(options, debug);
    if (!status.ok()) return status;
    const std::lock_guard lock(ahead_mutex_);
    NoteSynced(length);
    if (small_syncs_ >= kSmallSyncs && Length() + kLow > ahead_) WriteAhead(options, debug);
    return status;
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    const std::lock_guard lock(ahead_mutex_);
    (void)GiveUpAhead(options, debug);  // else zeros stay, which readers pass over
    return target()->Close(options, debug);
  }

 private:
  static constexpr uint64_t kSmall = 64 << 10;  // a sync of more is not worth it
  static constexpr int kSmallSyncs = 8;         // in a row: nor are some few
  static constexpr uint64_t kLow = 32 << 10;
  static constexpr uint64_t kChunk = 256 << 10;

  IOStatus Appended(size_t bytes, IOStatus status) override {
    return fence_->NoteAppended(*log_, bytes, std::move(status));
  }
  uint64_t Length() const {
    const std::lock_guard lock(fence_->logs_mutex_);
    return log_->length;
  }

  void NoteSynced(uint64_t length) {
    if (length == synced_) return;
    small_syncs_ = length - synced_ <= kSmall ? small_syncs_ + 1 : 0;
    synced_ = length;
  }
  /// Before an append behind bytes that are not synced: where those lie within zeros, it could reach the disk before them.
  IOStatus KeepOrder(const IOOptions& options, IODebugContext* debug) {
    const uint64_t length = Length();
    if (length == synced_ || ahead_ <= synced_) return IOStatus::OK();
    IOStatus status = fence_->Do([&] { return target()->Sync(options, debug); });
    if (!status.ok()) return status;
    synced_ = length;
    small_syncs_ = 0;
    return GiveUpAhead(options, debug);
  }
  IOStatus GiveUpAhead(const IOOptions& options, IODebugContext* debug) {
    const uint64_t length = Length();
    if (std::exchange(ahead_, 0) <= length) return IOStatus::OK();
    return fence_->Do([&] { return target()->Truncate(length, options, debug); });
  }
  /// What fails here costs speed, no more.
  void WriteAhead(const IOOptions& options, IODebugContext* debug) {
    const uint64_t from = std::max(ahead_, Length());
    (void)fence_->Do([&] {
      std::unique_ptr<rocksdb::FSRandomRWFile> file;
      IOStatus status = fence_->files_->NewRandomRWFile(log_->path, {}, &file, debug);
      if (!status.ok()) return status;
      ahead_ = from + kChunk;
      status = file->Write(from, std::string(kChunk, '\0'), options, debug);
      return status.ok() ? file->Sync(options, debug) : status;
    });
    if (ahead_ <= from) small_syncs_ = 0;  // the next try is not at once
  }

  WriteFence::Log* const log_;
  std::mutex ahead_mutex_;  // locked before the fence's
  uint64_t ahead_ = 0;      // zeros are written up to here
  uint64_t synced_ = 0;     // of length
  int small_syncs_ = 0;     // since a larger one
};

/// Remembers how much of it was synced.
class FencedManifest : public FencedFile {
 public:
  FencedManifest(std::unique_ptr<rocksdb::FSWritableFile> file, const std::string& path,
                 std::shared_ptr<WriteFence> fence)
      : FencedFile(std::move(file), std::move(fence)), log_(fence_->AddLog(path, true, target())) {}
  ~FencedManifest() override { fence_->NoteClosed(*log_); }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = target()->Sync(options, debug);
    const std::lock_guard lock(fence_->logs_mutex_);
    if (status.ok()) log_->acknowledged = log_->length;
    log_->torn |= !status.ok();
    return status;
  }

 private:
  IOStatus Appended(size_t bytes, IOStatus status) override {
    return fence_->NoteAppended(*log_, bytes, std::move(status));
  }

  WriteFence::Log* const log_;
};

class FencedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FencedFileSystem(const std::shared_ptr<rocksdb::FileSystem>& files, std::shared_ptr<WriteFence> fence)
      : rocksdb::FileSystemWrapper(files), fence_(std::move(fence)) {}

  const char* Name() const override { return "TupuFencedFileSystem"; }

  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* debug) override {
    IOStatus status = target()->NewRandomAccessFile(path, options, file, debug);
    if (!status.ok() || !path.ends_with(".sst")) return status;
    uint64_t size = 0;
    status = target()->GetFileSize(path, options.io_options, &size, debug);
    return status.ok() ? CheckTableProperties(**file, size) : status;
  }
  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* debug) override {
    if (!path.ends_with(".log")) return target()->NewSequentialFile(path, options, file, debug);
    std::unique_ptr<rocksdb::FSRandomAccessFile> log;
    IOStatus status = target()->NewRandomAccessFile(path, options, &log, debug);
    if (status.ok()) *file = ReadUpToLogEnd(std::move(log));
    return status;
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, uint64_t* size,
                       IODebugContext* debug) override {
    if (const auto length = fence_->LengthOfOpenLog(path)) {
      *size = *length;
      return IOStatus::OK();
    }
    return target()->GetFileSize(path, options, size, debug);
  }
  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    return Opened(path, file, [&] {
      // A file that is there may still be open in an instance before this one, which cuts its length when it closes it:
      // so this must be another file.
      if (target()->FileExists(path, options.io_options, debug).ok()) {
        IOStatus status = target()->DeleteFile(path, options.io_options, debug);
        if (!status.ok()) return status;
      }
      return target()->NewWritableFile(path, options, file, debug);
    });
  }
  IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    return Opened(path, file, [&] { return target()->ReopenWritableFile(path, options, file, debug); });
  }
  IOStatus ReuseWritableFile(const std::string& path, const std::string& old, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    return Opened(path, file, [&] { return target()->ReuseWritableFile(path, old, options, file, debug); });
  }
  IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->NewRandomRWFile(path, options, file, debug); });
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    if (path.ends_with(".sst") && fence_->IsManifestInDoubt()) {
      return IOStatus::IOError(path, "kept, since the MANIFEST may name it");
    }
    IOStatus status = fence_->Do([&] { return target()->DeleteFile(path, options, debug); });
    if (status.ok()) fence_->NoteDeleted(path);
    return status;
  }
  IOStatus Truncate(const std::string& path, size_t size, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->Truncate(path, size, options, debug); });
  }
  IOStatus CreateDir(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->CreateDir(path, options, debug); });
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->CreateDirIfMissing(path, options, debug); });
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return fence_->Do([&] { return target()->DeleteDir(path, options, debug); });
  }
  IOStatus RenameFile(const std::string& path, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return fence_->Do([&] { return target()->RenameFile(path, to, options, debug); });
  }
  IOStatus LinkFile(const std::string& path, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    return fence_->Do([&] { return target()->LinkFile(path, to, options, debug); });
  }
  // The store holds the lock on the folder (FolderLock), for all of its instances.
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock** lock, IODebugContext*) override {
    *lock = new rocksdb::FileLock();
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete lock;
    return IOStatus::OK();
  }

 private:
  template <class Open>
  IOStatus Opened(const std::string& path, std::unique_ptr<rocksdb::FSWritableFile>* file, const Open& open) {
    IOStatus status = fence_->Do(open);
    if (!status.ok()) return status;
    if (path.ends_with(".log")) {
      *file = std::make_unique<FencedLog>(std::move(*file), path, fence_);
    } else if (IsManifest(path)) {
      *file = std::make_unique<FencedManifest>(std::move(*file), path, fence_);
    } else {
      *file = std::make_unique<FencedFile>(std::move(*file), fence_);
    }
    return status;
  }

  const std::shared_ptr<WriteFence> fence_;
};

std::shared_ptr<rocksdb::FileSystem> WriteFence::Watch(std::shared_ptr<rocksdb::FileSystem> files) {
  files_ = std::move(files);
  return std::make_shared<FencedFileSystem>(files_, shared_from_this());
}

WriteFence::Log* WriteFence::AddLog(const std::string& path, bool is_manifest, rocksdb::FSWritableFile* file) {
  const std::lock_guard lock(logs_mutex_);
  logs_.push_back({path, is_manifest, file});
  return &logs_.back();
}

void WriteFence::NoteClosed(Log& log) {
  const std::lock_guard lock(logs_mutex_);
  log.open_file = nullptr;
  logs_.remove_if([](const Log& other) { return other.deleted && other.open_file == nullptr; });
}

IOStatus WriteFence::NoteAppended(Log& log, uint64_t bytes, IOStatus status) {
  const std::lock_guard lock(logs_mutex_);
  if (status.ok()) log.length += bytes;
  log.torn |= !status.ok();
  return status;
}

bool WriteFence::IsManifestInDoubt() {
  const std::lock_guard lock(logs_mutex_);
  return std::any_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.is_manifest && log.torn; });
}

std::optional<uint64_t> WriteFence::LengthOfOpenLog(const std::string& path) {
  const std::lock_guard lock(logs_mutex_);
  for (const Log& log : logs_) {
    if (log.open_file != nullptr && log.path == path) return log.length;
  }
  return std::nullopt;
}

void WriteFence::NoteDeleted(const std::string& path) {
  const std::lock_guard lock(logs_mutex_);
  for (Log& log : logs_) log.deleted |= log.path == path;
  logs_.remove_if([](const Log& log) { return log.deleted && log.open_file == nullptr; });
}

void WriteFence::Acknowledge() {
  const std::lock_guard lock(logs_mutex_);
  for (Log& log : logs_) {
    if (!log.is_manifest) log.acknowledged = log.length;
  }
}

void WriteFence::RemoveEmptyLogs() {
  const IOOptions options;
  (void)Do([&] {
    const std::lock_guard lock(logs_mutex_);
    for (const Log& log : logs_) {
      uint64_t size = 0;
      const bool empty =
          !log.is_manifest && !log.deleted && files_->GetFileSize(log.path, options, &size, nullptr).ok() && size == 0;
      if (empty) (void)files_->DeleteFile(log.path, options, nullptr);  // else it stays, as RocksDB would have it
    }
    return IOStatus::OK();
  });
}

IOStatus WriteFence::Cut(Log& log) {
  const IOOptions options;
  IOStatus status;
  if (log.open_file != nullptr) {  // which must learn of it: it would write its own length when it is closed
    status = log.open_file->Truncate(log.acknowledged, options, nullptr);
    if (status.ok()) status = log.open_file->Sync(options, nullptr);
    return status;
  }
  std::unique_ptr<rocksdb::FSWritableFile> file;  // a path alone cannot be cut in RocksDB's own file system
  status = files_->ReopenWritableFile(log.path, {}, &file, nullptr);
  if (status.ok()) status = file->Truncate(log.acknowledged, options, nullptr);
  if (status.ok()) status = file->Sync(options, nullptr);
  return status.ok() ? file->Close(options, nullptr) : status;
}

IOStatus WriteFence::Close() {
  {
    const std::unique_lock none_changes(changing_);
    closed_ = true;
  }
  const std::lock_guard lock(logs_mutex_);
  for (Log& log : logs_) {
    if (log.deleted || (log.length == log.acknowledged && !log.torn)) continue;
    IOStatus status = Cut(log);
    if (!status.ok()) return status;
    log.length = log.acknowledged;
    log.torn = false;
  }
  return IOStatus::OK();
}

}  // namespace tupu
