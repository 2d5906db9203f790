#include "storage/kv/internal/sorted_run.h"

#include <map>
#include <set>
#include <utility>

#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/unique_id.h>

namespace tupu {

namespace {

using TablesByName = std::map<std::string, std::shared_ptr<const rocksdb::TableProperties>>;

/// Of every table of a family: level and number.
std::vector<std::pair<int, uint64_t>> FilesOf(const rocksdb::ColumnFamilyMetaData& family) {
  std::vector<std::pair<int, uint64_t>> files;
  for (const rocksdb::LevelMetaData& level : family.levels) {
    for (const rocksdb::SstFileMetaData& file : level.files) files.emplace_back(level.level, file.file_number);
  }
  return files;
}

rocksdb::ColumnFamilyMetaData MetaDataOf(const RocksDbDatabase& database, Keyspace space) {
  rocksdb::ColumnFamilyMetaData meta;
  database.db().GetColumnFamilyMetaData(database.family(space), &meta);
  return meta;
}

/// Null: there is no single one at the bottom.
const rocksdb::LevelMetaData* LowestRun(const rocksdb::ColumnFamilyMetaData& family) {
  const rocksdb::LevelMetaData* lowest = nullptr;
  for (const rocksdb::LevelMetaData& level : family.levels) {
    if (!level.files.empty()) lowest = &level;
  }
  // Each file of level 0 is a run of its own.
  return lowest != nullptr && lowest->level == 0 && lowest->files.size() > 1 ? nullptr : lowest;
}

/// Deletions move from the buffer that is written to through those that wait into tables, so whoever looks in this order,
/// and at the tables last, misses none that was there at the beginning.
bool WriteBuffersHoldDeletions(const RocksDbDatabase& database, Keyspace space) {
  for (const std::string& property :
       {rocksdb::DB::Properties::kNumDeletesActiveMemTable, rocksdb::DB::Properties::kNumDeletesImmMemTables}) {
    uint64_t deletions = 0;
    if (!database.db().GetIntProperty(database.family(space), property, &deletions) || deletions > 0) return true;
  }
  return false;
}

/// By the name of the file without its folder; empty if they could not be had.
TablesByName PropertiesOf(const RocksDbDatabase& database, Keyspace space) {
  rocksdb::TablePropertiesCollection by_path;
  TablesByName by_name;
  if (!database.db().GetPropertiesOfAllTables(database.family(space), &by_path).ok()) return by_name;
  for (const auto& [path, properties] : by_path) by_name[path.substr(path.rfind('/') + 1)] = properties;
  return by_name;
}

/// The name by which a table is known to itself; empty if it has none under which its blocks are cached.
std::string IdOf(const rocksdb::TableProperties& table) {
  std::string id;
  const bool known = !table.db_session_id.empty() && table.orig_file_number > 0 &&
                     rocksdb::GetUniqueIdFromTableProperties(table, &id).ok();
  return known ? id : std::string();
}

bool IsIngested(const rocksdb::TableProperties& table) {
  return table.user_collected_properties.contains("rocksdb.external_sst_file.version");
}

}  // namespace

size_t SortedRunScan::WorthAfter(const RocksDbDatabase& database, Keyspace space) {
  constexpr size_t kPerTable = 100;
  size_t tables = 0;
  for (int level = 0; level < database.db().NumberLevels(database.family(space)); ++level) {
    std::string number;
    const std::string property = rocksdb::DB::Properties::kNumFilesAtLevelPrefix + std::to_string(level);
    if (database.db().GetProperty(database.family(space), property, &number)) tables += std::stoull(number);
  }
  return kPerTable * tables;
}

std::unique_ptr<SortedRunScan> SortedRunScan::Prepare(const RocksDbDatabase& database, Keyspace space,
                                                      const rocksdb::Snapshot* snapshot) {
  std::unique_ptr<SortedRunScan> scan(new SortedRunScan(database, space, snapshot));
  return scan->FindTables() ? std::move(scan) : nullptr;
}

bool SortedRunScan::FindTables() {
  if (WriteBuffersHoldDeletions(database_, space_)) return false;
  const rocksdb::ColumnFamilyMetaData family = MetaDataOf(database_, space_);
  const rocksdb::LevelMetaData* const run = LowestRun(family);
  if (run == nullptr) return false;
  const TablesByName properties = PropertiesOf(database_, space_);
  const auto of_run = std::make_shared<std::set<std::string>>();
  std::set<std::string> ids;
  for (const rocksdb::LevelMetaData& level : family.levels) {
    for (const rocksdb::SstFileMetaData& file : level.files) {
      const auto found = properties.find(file.relative_filename);
      if (found == properties.end()) return false;
      const std::string id = IdOf(*found->second);
      if (id.empty() || !ids.insert(id).second) return false;
      if (&level != run && found->second->num_deletions > 0) return false;
      if (&level != run) continue;
      if (!AddTable(file, *found->second)) return false;
      of_run->insert(id);
    }
  }
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.table_filter = [of_run](const rocksdb::TableProperties& table) { return !of_run->contains(IdOf(table)); };
  newer_.reset(database_.db().NewIterator(options, database_.family(space_)));
  return FilesOf(family) == FilesOf(MetaDataOf(database_, space_));
}

bool SortedRunScan::AddTable(const rocksdb::SstFileMetaData& file, const rocksdb::TableProperties& table) {
  const rocksdb::SequenceNumber seen =
      snapshot_ != nullptr ? snapshot_->GetSequenceNumber() : database_.db().GetLatestSequenceNumber();
  const bool whole = file.largest_seqno <= seen;
  if (!whole && (snapshot_ == nullptr || IsIngested(table))) return false;
  if (table.num_range_deletions > 0) return false;  // SstFileReader takes no notice of them
  // Two states of one key in two tables: the newer one would have to hide the other.
  if (!tables_.empty() && tables_.back().last_key >= file.smallestkey) return false;
  tables_.push_back(
      {file.directory + "/" + file.relative_filename, IdOf(table), file.smallestkey, file.largestkey, whole});
  return true;
}

Result<std::optional<std::string>> SortedRunScan::Scan(std::string_view begin, std::string_view end,
                                                       const Visit& visit) {
  const rocksdb::Options options = database_.db().GetOptions(database_.family(space_));
  const rocksdb::Slice upper = ToSlice(end);
  rocksdb::ReadOptions read;
  if (!end.empty()) read.iterate_upper_bound = &upper;
  std::string next(begin);  // every key before it is done
  newer_->Seek(next);
  if (!LookAtNewer()) return Ended(*newer_);
  for (const Table& table : tables_) {
    if (table.last_key < next) continue;
    if (!end.empty() && table.first_key >= end) break;
    rocksdb::SstFileReader file(options);
    if (!file.Open(table.path).ok() || IdOf(*file.GetTableProperties()) != table.id) return std::optional(next);
    read.snapshot = table.whole ? nullptr : snapshot_;
    const std::unique_ptr<rocksdb::Iterator> at(file.NewIterator(read));
    at->Seek(next);
    if (!ScanTable(*at, visit)) return Ended(*newer_);
    if (!at->status().ok()) return Ended(*at);
    next = table.last_key + '\0';
    if (!end.empty() && next > end) next = end;
    if (!ScanNewer(next, visit)) return Ended(*newer_);
  }
  ScanNewer(end, visit);
  return Ended(*newer_);
}

bool SortedRunScan::ScanTable(rocksdb::Iterator& table, const Visit& visit) {
  for (; table.Valid(); table.Next()) {
    const std::string_view key = ToView(table.key());
    if (newer_key_ && *newer_key_ <= key) {
      if (!ScanNewer(key, visit)) return false;
      if (newer_key_ == key) {  // in place of the run's value
        if (!VisitNewer(visit)) return false;
        continue;
      }
    }
    if (!visit(key, ToView(table.value()))) return false;
  }
  return true;
}

bool SortedRunScan::ScanNewer(std::string_view end, const Visit& visit) {
  while (newer_key_ && (end.empty() || *newer_key_ < end)) {
    if (!VisitNewer(visit)) return false;
  }
  return true;
}

bool SortedRunScan::VisitNewer(const Visit& visit) {
  if (!visit(*newer_key_, ToView(newer_->value()))) return false;
  newer_->Next();
  return LookAtNewer();
}

bool SortedRunScan::LookAtNewer() {
  newer_key_.reset();
  if (newer_->Valid()) newer_key_ = ToView(newer_->key());
  // Without the newer ones, values of the run would be old ones.
  return newer_key_ || newer_->status().ok();
}

Result<std::optional<std::string>> SortedRunScan::Ended(const rocksdb::Iterator& at) const {
  if (!at.status().ok()) return database_.Failed(at.status(), "scan");
  return std::optional<std::string>();
}

}  // namespace tupu
