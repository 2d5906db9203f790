#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/check/check_graph.h"
#include "storage/kv/kv_store.h"

namespace tupu {

/// A numbered backup of a graph. Several stand in one folder and share the files that they have in common.
struct GraphBackup {
  uint32_t id = 0;
  int64_t made_at = 0;  // Unix seconds
  uint64_t bytes = 0;   // of the database; files shared with other backups count in each
  uint64_t commit = 0;  // it holds at least this commit, and all before it
  uint64_t vertices = 0;
  uint64_t edges = 0;
};

/// Adds a backup to `backup_directory` (new, empty, or one of backups) and verifies it. Online: readers and writers of
/// `store` go on. Incremental: only files that the folder does not hold yet are copied. `keep` > 0 deletes all but so many
/// backups afterwards. An error leaves the earlier backups whole.
/// Errors: kAlreadyExists (the folder holds something else), kIo, kCorruption (a file of the database is damaged),
/// kUnsupported (in memory).
Result<GraphBackup> BackUpGraph(KvStore& store, const std::string& backup_directory, uint32_t keep = 0);

/// Like BackUpGraph, of a database that another process holds for writing: its files are taken as they stand at one moment
/// (tables by hard links, so that it costs no space) into a folder beside it, which is deleted afterwards.
/// Errors also: kBusy if the writer does not leave its files alone for the time of a copy of its log.
Result<GraphBackup> BackUpHeldGraph(const std::string& directory, const std::string& backup_directory,
                                    uint32_t keep = 0);

/// Ascending ids. kNotFound if the folder holds no backups.
Result<std::vector<GraphBackup>> ListGraphBackups(const std::string& backup_directory);

struct RestoreChoice {
  std::optional<uint32_t> id;  // the last one if not given
  bool check = true;           // hold the restored graph against itself before it is put in place
  CancellationToken cancellation;
  std::function<void(uint64_t done, uint64_t total)> progress;  // of the check
};

/// Restores a backup as the database `directory`, which must be new or an empty folder. It appears there whole or not at
/// all: until then it is written to `directory`.restoring.
/// Errors: kNotFound (no such backup; the message names those there are), kAlreadyExists (the folder is not empty),
/// kCorruption (the backup is damaged), kIo, kCancelled.
Result<GraphBackup> RestoreGraph(const std::string& backup_directory, const std::string& directory,
                                 const RestoreChoice& choice);

}  // namespace tupu
