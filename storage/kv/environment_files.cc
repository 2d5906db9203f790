#include "storage/kv/internal/environment_files.h"

#include <algorithm>
#include <string>

#include <rocksdb/system_clock.h>

namespace tupu {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus FailureOf(const FileVerdict& verdict, std::string_view path) {
  if (verdict.kind == FileVerdict::kFail) return IOStatus::IOError(std::string(path), "input/output error");
  IOStatus status = IOStatus::NoSpace(std::string(path), "no space left on device");
  status.SetRetryable(true);  // as RocksDB's own file system says of ENOSPC
  return status;
}

/// Asks the environment, does what it says, and tells it. `act` returns an IOStatus.
template <class Act>
IOStatus Through(Environment& environment, const FileCall& call, const Act& act) {
  const FileVerdict verdict = environment.Before(call);
  IOStatus status;
  if (verdict.kind == FileVerdict::kFail || verdict.kind == FileVerdict::kNoSpace) return FailureOf(verdict, call.path);
  if (verdict.kind == FileVerdict::kDo) status = act();
  if (status.ok()) environment.After(call);
  return status;
}

/// An append of which a part may be written before it fails.
template <class Act>
IOStatus AppendThrough(Environment& environment, const FileCall& call, const Slice& data, const Act& act) {
  const FileVerdict verdict = environment.Before(call);
  if (verdict.kind == FileVerdict::kFail || verdict.kind == FileVerdict::kNoSpace) {
    if (verdict.written > 0) {
      FileCall part = call;
      part.bytes = std::min<uint64_t>(verdict.written, data.size());
      if (act(Slice(data.data(), part.bytes)).ok()) environment.After(part);
    }
    return FailureOf(verdict, call.path);
  }
  IOStatus status;
  if (verdict.kind == FileVerdict::kDo) status = act(data);
  if (status.ok()) environment.After(call);
  return status;
}

class WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, Environment& environment)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), environment_(environment) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const uint64_t offset = target()->GetFileSize(options, debug);
    return AppendThrough(environment_, {FileOperation::kAppend, path_, {}, data.size(), offset}, data,
                         [&](const Slice& part) { return target()->Append(part, options, debug); });
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const IOOptions& options,
                            IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kWriteAt, path_, {}, data.size(), offset},
                   [&] { return target()->PositionedAppend(data, offset, options, debug); });
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return PositionedAppend(data, offset, options, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kTruncate, path_, {}, size},
                   [&] { return target()->Truncate(size, options, debug); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kSync, path_}, [&] { return target()->Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kSync, path_}, [&] { return target()->Fsync(options, debug); });
  }

 private:
  const std::string path_;
  Environment& environment_;
};

class RandomWriteFile : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomWriteFile(std::unique_ptr<rocksdb::FSRandomRWFile> file, std::string path, Environment& environment)
      : rocksdb::FSRandomRWFileOwnerWrapper(std::move(file)), path_(std::move(path)), environment_(environment) {}

  IOStatus Write(uint64_t offset, const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kWriteAt, path_, {}, data.size(), offset},
                   [&] { return target()->Write(offset, data, options, debug); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kSync, path_}, [&] { return target()->Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kSync, path_}, [&] { return target()->Fsync(options, debug); });
  }

 private:
  const std::string path_;
  Environment& environment_;
};

class SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> file, std::string path, Environment& environment)
      : rocksdb::FSSequentialFileOwnerWrapper(std::move(file)), path_(std::move(path)), environment_(environment) {}

  IOStatus Read(size_t bytes, const IOOptions& options, Slice* result, char* scratch, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kRead, path_, {}, bytes},
                   [&] { return target()->Read(bytes, options, result, scratch, debug); });
  }

 private:
  const std::string path_;
  Environment& environment_;
};

class RandomReadFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomReadFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file, std::string path, Environment& environment)
      : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(file)), path_(std::move(path)), environment_(environment) {}

  IOStatus Read(uint64_t offset, size_t bytes, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    return Through(environment_, {FileOperation::kRead, path_, {}, bytes},
                   [&] { return target()->Read(offset, bytes, options, result, scratch, debug); });
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kRead, path_, {}, count},
                   [&] { return target()->MultiRead(requests, count, options, debug); });
  }

 private:
  const std::string path_;
  Environment& environment_;
};

class Directory : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<rocksdb::FSDirectory> directory, std::string path, Environment& environment)
      : rocksdb::FSDirectoryWrapper(std::move(directory)), path_(std::move(path)), environment_(environment) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Through(environment_, {FileOperation::kSyncDirectory, path_},
                   [&] { return FSDirectoryWrapper::Fsync(options, debug); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& how) override {
    return Through(environment_, {FileOperation::kSyncDirectory, path_},
                   [&] { return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, how); });
  }

 private:
  const std::string path_;
  Environment& environment_;
};

class EnvironmentFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit EnvironmentFileSystem(std::shared_ptr<Environment> environment)
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()), environment_(std::move(environment)) {}

  const char* Name() const override { return "TupuEnvironmentFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* debug) override {
    return Opened<SequentialFile>(FileOperation::kOpen, path, file,
                                  [&] { return target()->NewSequentialFile(path, options, file, debug); });
  }
  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* debug) override {
    return Opened<RandomReadFile>(FileOperation::kOpen, path, file,
                                  [&] { return target()->NewRandomAccessFile(path, options, file, debug); });
  }
  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    return Opened<WritableFile>(FileOperation::kCreate, path, file,
                                [&] { return target()->NewWritableFile(path, options, file, debug); });
  }
  IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    return Opened<WritableFile>(FileOperation::kOpenToWrite, path, file,
                                [&] { return target()->ReopenWritableFile(path, options, file, debug); });
  }
  IOStatus ReuseWritableFile(const std::string& path, const std::string& old, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    IOStatus status = RenameFile(old, path, options.io_options, debug);
    return status.ok() ? ReopenWritableFile(path, options, file, debug) : status;
  }
  IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* debug) override {
    return Opened<RandomWriteFile>(FileOperation::kOpenToWrite, path, file,
                                   [&] { return target()->NewRandomRWFile(path, options, file, debug); });
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* debug) override {
    return Opened<Directory>(FileOperation::kOpen, path, directory,
                             [&] { return target()->NewDirectory(path, options, directory, debug); });
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kDelete, path},
                   [&] { return target()->DeleteFile(path, options, debug); });
  }
  IOStatus Truncate(const std::string& path, size_t size, const IOOptions& options, IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kTruncate, path, {}, size},
                   [&] { return target()->Truncate(path, size, options, debug); });
  }
  IOStatus CreateDir(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kCreateDirectory, path},
                   [&] { return target()->CreateDir(path, options, debug); });
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    bool is_directory = false;
    if (target()->IsDirectory(path, options, &is_directory, debug).ok() && is_directory) return IOStatus::OK();
    return CreateDir(path, options, debug);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kDelete, path},
                   [&] { return target()->DeleteDir(path, options, debug); });
  }
  IOStatus RenameFile(const std::string& path, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kRename, path, to},
                   [&] { return target()->RenameFile(path, to, options, debug); });
  }
  IOStatus LinkFile(const std::string& path, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    return Through(*environment_, {FileOperation::kLink, path, to},
                   [&] { return target()->LinkFile(path, to, options, debug); });
  }
  // Writes through a mapping would pass the environment by.
  IOStatus NewMemoryMappedFileBuffer(const std::string&, std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return IOStatus::NotSupported("a mapped file in a test's environment");
  }

 private:
  template <class Wrapper, class File, class Open>
  IOStatus Opened(FileOperation operation, const std::string& path, std::unique_ptr<File>* file, const Open& open) {
    IOStatus status = Through(*environment_, {operation, path}, open);
    if (status.ok()) *file = std::make_unique<Wrapper>(std::move(*file), path, *environment_);
    return status;
  }

  const std::shared_ptr<Environment> environment_;
};

class EnvironmentClock : public rocksdb::SystemClockWrapper {
 public:
  explicit EnvironmentClock(std::shared_ptr<Environment> environment)
      : rocksdb::SystemClockWrapper(rocksdb::SystemClock::Default()), environment_(std::move(environment)) {}

  const char* Name() const override { return "TupuEnvironmentClock"; }
  rocksdb::Status GetCurrentTime(int64_t* seconds) override {
    *seconds = environment_->Now().time_since_epoch() / std::chrono::seconds(1);
    return rocksdb::Status::OK();
  }
  void SleepForMicroseconds(int microseconds) override { environment_->Sleep(std::chrono::microseconds(microseconds)); }

 private:
  const std::shared_ptr<Environment> environment_;
};

class EnvironmentEnv : public rocksdb::EnvWrapper {
 public:
  EnvironmentEnv(const std::shared_ptr<rocksdb::FileSystem>& files, std::shared_ptr<Environment> environment)
      : rocksdb::EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<EnvironmentClock>(std::move(environment));
  }
  rocksdb::Status GetCurrentTime(int64_t* seconds) override { return system_clock_->GetCurrentTime(seconds); }
  void SleepForMicroseconds(int microseconds) override { system_clock_->SleepForMicroseconds(microseconds); }
};

}  // namespace

std::unique_ptr<rocksdb::Env> EnvOf(std::shared_ptr<rocksdb::FileSystem> files,
                                    std::shared_ptr<Environment> environment) {
  if (!environment) return rocksdb::NewCompositeEnv(files);
  return std::make_unique<EnvironmentEnv>(files, std::move(environment));
}

std::shared_ptr<rocksdb::FileSystem> FilesThrough(std::shared_ptr<Environment> environment) {
  return std::make_shared<EnvironmentFileSystem>(std::move(environment));
}

}  // namespace tupu
