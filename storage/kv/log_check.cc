#include "storage/kv/internal/log_check.h"

#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "storage/kv/internal/log_records.h"
#include "storage/kv/internal/rocksdb_database.h"

namespace tupu {

namespace {

/// Where in the block RocksDB would stop without a word; block.size() if it reads on.
size_t FindSilentStop(std::string_view block, bool last_block) {
  size_t at = 0;
  while (at + kLogHeader <= block.size()) {
    const LogRecordHeader header = LogHeaderAt(block, at);
    if (!header.has_type()) return at;
    if (at + kLogHeader + header.length > block.size()) return last_block ? at : block.size();
    at += kLogHeader + header.length;
  }
  return block.size();
}

Status CheckLogEnd(const std::string& path, rocksdb::Env& env) {
  const auto failed = [&](const rocksdb::Status& status) { return FromRocksDb(status, path); };
  std::unique_ptr<rocksdb::SequentialFile> file;
  rocksdb::Status status = env.NewSequentialFile(path, &file, rocksdb::EnvOptions());
  if (status.IsPathNotFound() || status.IsNotFound()) return {};  // a writer beside us deleted it
  if (!status.ok()) return failed(status);
  std::vector<char> buffer(kLogBlock);
  std::vector<char> next_buffer(kLogBlock);
  rocksdb::Slice read;
  if (status = file->Read(kLogBlock, &read, buffer.data()); !status.ok()) return failed(status);
  for (uint64_t offset = 0; !read.empty(); offset += kLogBlock) {
    const std::string_view block = ToView(read);
    rocksdb::Slice next;
    if (block.size() == kLogBlock) {  // a shorter one is the last: what a writer beside us adds is not looked at
      if (status = file->Read(kLogBlock, &next, next_buffer.data()); !status.ok()) return failed(status);
    }
    const std::string_view next_block = ToView(next);
    if (const size_t stop = FindSilentStop(block, next.empty()); stop < block.size()) {
      if (IsWholeRecord(next_block, 0) || FindFlippedBit(block, stop) || IsFollowedByWholeRecord(block, stop)) {
        return Error{ErrorCode::kCorruption,
                     fmt::format("{}: the record at byte {} is damaged, and more follows that would be lost; restore a "
                                 "copy, or recover what is before it",
                                 path, offset + stop)};
      }
      return {};  // a write that was cut off
    }
    buffer.swap(next_buffer);
    read = rocksdb::Slice(buffer.data(), next.size());
  }
  return {};
}

}  // namespace

Status CheckLogEnds(const std::string& directory, rocksdb::Env& env) {
  std::string current;
  rocksdb::Status status = rocksdb::ReadFileToString(&env, directory + "/CURRENT", &current);
  if (!status.ok()) return FromRocksDb(status, directory);
  while (!current.empty() && current.back() == '\n') current.pop_back();
  TUPU_TRY(CheckLogEnd(directory + "/" + current, env));
  std::vector<std::string> names;
  if (status = env.GetChildren(directory, &names); !status.ok()) return FromRocksDb(status, directory);
  for (const std::string& name : names) {
    if (name.ends_with(".log")) TUPU_TRY(CheckLogEnd(directory + "/" + name, env));
  }
  return {};
}

}  // namespace tupu
