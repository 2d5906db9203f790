#include "storage/kv/internal/write_fence.h"

#include "storage/kv/internal/table_check.h"

namespace tupu {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

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

/// Counts what it takes in.
class FencedLog : public FencedFile {
 public:
  FencedLog(std::unique_ptr<rocksdb::FSWritableFile> file, const std::string& path, std::shared_ptr<WriteFence> fence)
      : FencedFile(std::move(file), std::move(fence)), log_(fence_->AddLog(path, target())) {}
  ~FencedLog() override {
    const std::lock_guard lock(fence_->logs_mutex_);
    log_->open_file = nullptr;
    fence_->logs_.remove_if([](const WriteFence::Log& log) { return log.deleted && log.open_file == nullptr; });
  }

 private:
  IOStatus Appended(size_t bytes, IOStatus status) override {
    const std::lock_guard lock(fence_->logs_mutex_);
    if (status.ok()) log_->length += bytes;
    log_->torn |= !status.ok();
    return status;
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
    IOStatus status = fence_->Do([&] { return target()->DeleteFile(path, options, debug); });
    if (status.ok() && path.ends_with(".log")) fence_->NoteDeleted(path);
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

WriteFence::Log* WriteFence::AddLog(const std::string& path, rocksdb::FSWritableFile* file) {
  const std::lock_guard lock(logs_mutex_);
  logs_.push_back({path, file});
  return &logs_.back();
}

void WriteFence::NoteDeleted(const std::string& path) {
  const std::lock_guard lock(logs_mutex_);
  for (Log& log : logs_) log.deleted |= log.path == path;
  logs_.remove_if([](const Log& log) { return log.deleted && log.open_file == nullptr; });
}

void WriteFence::Acknowledge() {
  const std::lock_guard lock(logs_mutex_);
  for (Log& log : logs_) log.acknowledged = log.length;
}

void WriteFence::RemoveEmptyLogs() {
  const IOOptions options;
  (void)Do([&] {
    const std::lock_guard lock(logs_mutex_);
    for (const Log& log : logs_) {
      uint64_t size = 0;
      const bool empty = !log.deleted && files_->GetFileSize(log.path, options, &size, nullptr).ok() && size == 0;
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
  status = files_->Truncate(log.path, log.acknowledged, options, nullptr);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;  // to sync it
  if (status.ok()) status = files_->NewRandomRWFile(log.path, {}, &file, nullptr);
  return status.ok() ? file->Sync(options, nullptr) : status;
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
