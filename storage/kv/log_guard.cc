#include "storage/kv/internal/log_guard.h"

#include <algorithm>

namespace tupu {

/// A log file that knows how much of it was acknowledged.
class GuardedLog : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedLog(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<LogGuard> guard)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), guard_(std::move(guard)) {
    const std::lock_guard lock(guard_->mutex_);
    guard_->logs_.push_back(this);
  }
  ~GuardedLog() override {
    const std::lock_guard lock(guard_->mutex_);
    std::erase(guard_->logs_, this);
  }

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    if (given_up_) return Refuse();
    return Count(data.size(), target()->Append(data, options, debug));
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& checksum, rocksdb::IODebugContext* debug) override {
    if (given_up_) return Refuse();
    return Count(data.size(), target()->Append(data, options, checksum, debug));
  }

  void Acknowledge() { acknowledged_ = length_.load(); }
  void GiveUp() {
    if (given_up_.exchange(true)) return;
    // Should these fail as well, the outcome of the commit stays unknown until writing has resumed.
    if (target()->Truncate(acknowledged_, {}, nullptr).ok()) (void)target()->Sync({}, nullptr);
  }
  bool is_given_up() const { return given_up_; }

 private:
  rocksdb::IOStatus Refuse() const {
    if (guard_->resuming_) return rocksdb::IOStatus::OK();
    return rocksdb::IOStatus::IOError("the log was given up after an error");
  }
  rocksdb::IOStatus Count(size_t bytes, rocksdb::IOStatus status) {
    if (status.ok()) length_ += bytes;
    return status;
  }

  const std::shared_ptr<LogGuard> guard_;
  std::atomic<uint64_t> length_{0};
  std::atomic<uint64_t> acknowledged_{0};
  std::atomic<bool> given_up_{false};
};

namespace {

class GuardedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  GuardedFileSystem(std::shared_ptr<rocksdb::FileSystem> files, std::shared_ptr<LogGuard> guard)
      : rocksdb::FileSystemWrapper(std::move(files)), guard_(std::move(guard)) {}

  const char* Name() const override { return "TupuGuardedFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = target()->NewWritableFile(path, options, file, debug);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<GuardedLog>(std::move(*file), guard_);
    return status;
  }

 private:
  const std::shared_ptr<LogGuard> guard_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> LogGuard::Watch(std::shared_ptr<rocksdb::FileSystem> files) {
  return std::make_shared<GuardedFileSystem>(std::move(files), shared_from_this());
}

void LogGuard::Acknowledge() {
  const std::lock_guard lock(mutex_);
  if (!logs_.empty()) logs_.back()->Acknowledge();
}

void LogGuard::GiveUp() {
  const std::lock_guard lock(mutex_);
  if (!logs_.empty()) logs_.back()->GiveUp();
}

bool LogGuard::IsGivenUp() const {
  const std::lock_guard lock(mutex_);
  return !logs_.empty() && logs_.back()->is_given_up();
}

}  // namespace tupu
