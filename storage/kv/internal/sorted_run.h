#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/metadata.h>
#include <rocksdb/table_properties.h>

#include "storage/kv/internal/rocksdb_database.h"

namespace tupu {

/// Scans a keyspace table by table of its lowest sorted run (the files of its last level), laying over them what newer runs
/// and the write buffers hold. RocksDB's iterator merges all of these at every key, which is a third of a long scan even
/// where nothing lies over the last level.
///
/// Exactly what RocksDB's iterator over the same snapshot would give:
///   - What lies over the run is newer and wins. It is read by an iterator of the database that leaves out the run's tables.
///     That iterator does not tell what was deleted, so there is no such scan while a deletion lies over the run.
///   - Of the run's tables, those that are older than the snapshot are read whole. In others each key's own number
///     decides; a table that was ingested has one number for all keys that SstFileReader does not know, so there is no such
///     scan if it is newer than the snapshot.
///   - The list of files is the one of the iterator, since it was the same before and after that was made, and numbers of
///     files are not used twice. The iterator keeps the files from being deleted.
/// Tables share the database's cache; blocks that are read are verified as always. Requires: nobody writes deletions of
/// ranges (tupu does not).
/// Threads: one at a time.
class SortedRunScan {
 public:
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;

  /// After so many keys of a scan, preparing this one costs less than half of what was spent already: it takes 6 us a
  /// table (measured), as long as 35 keys.
  static size_t WorthAfter(const RocksDbDatabase& database, Keyspace space);

  /// As of `snapshot`; null: as of now, of an instance that stands still. Borrows both.
  /// Cost    a look at the list of files and at the properties of each.
  /// Result  null if there is no such scan now; RocksDB's iterator always serves.
  static std::unique_ptr<SortedRunScan> Prepare(const RocksDbDatabase& database, Keyspace space,
                                                const rocksdb::Snapshot* snapshot);

  /// Calls `visit` for each key in [begin, end) until it returns false, as KvSnapshot::Scan. Requires: once.
  /// Result  if a table could not be opened (a writing process may have deleted it): the key at which RocksDB's iterator,
  ///         which has it open, must go on. Else nothing is left to do.
  Result<std::optional<std::string>> Scan(std::string_view begin, std::string_view end, const Visit& visit);

 private:
  struct Table {
    std::string path;
    std::string id;
    std::string first_key;
    std::string last_key;
    bool whole;  // no key of it is newer than the snapshot
  };

  SortedRunScan(const RocksDbDatabase& database, Keyspace space, const rocksdb::Snapshot* snapshot)
      : database_(database), space_(space), snapshot_(snapshot) {}

  // False: there is no such scan.
  bool FindTables();
  bool AddTable(const rocksdb::SstFileMetaData& file, const rocksdb::TableProperties& table);

  // False: `visit` wants no more, or newer_ failed.
  bool ScanTable(rocksdb::Iterator& table, const Visit& visit);
  bool ScanNewer(std::string_view end, const Visit& visit);
  bool VisitNewer(const Visit& visit);
  bool LookAtNewer();

  Result<std::optional<std::string>> Ended(const rocksdb::Iterator& at) const;

  const RocksDbDatabase& database_;
  const Keyspace space_;
  const rocksdb::Snapshot* const snapshot_;
  std::vector<Table> tables_;                  // by key
  std::unique_ptr<rocksdb::Iterator> newer_;   // over all but the tables, whose files it keeps
  std::optional<std::string_view> newer_key_;  // where it stands; empty: at the end
};

}  // namespace tupu
