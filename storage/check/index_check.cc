#include "storage/check/index_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "storage/check/adjacency_walk.h"
#include "storage/keys/bytes.h"
#include "storage/keys/index_record.h"

namespace tupu {

namespace {

constexpr size_t kFromRecords = 0;
constexpr size_t kStored = 1;

/// Entries that are kept at once while differences are looked up.
constexpr uint64_t kMaxGathered = 1'000'000;

IndexId IndexOf(std::string_view key) {
  ByteReader reader(key.substr(1));
  return static_cast<IndexId>(reader.U32());
}

std::string_view WithoutEntity(std::string_view key) {
  return key.substr(0, key.size() < 13 ? 0 : key.size() - 8);
}

}  // namespace

Status IndexCheck::AddVertex(VertexId vertex, const VertexRecordView& record) {
  TUPU_TRY(label_sets_.AddVertex(vertex, record.labels));
  return entries_.VisitVertex(vertex, record, [&](auto key, auto value) { AddEntry(kFromRecords, key, value); });
}

Status IndexCheck::AddEdge(const EdgeReference& edge, const Properties& properties) {
  return entries_.VisitEdge(edge, properties, [&](auto key, auto value) { AddEntry(kFromRecords, key, value); });
}

void IndexCheck::AddEntry(size_t side, std::string_view key, std::string_view value) {
  const uint64_t group = HashBytes(key);
  sums_.Add(side, BucketSums::BucketOf(group), HashBytes(value, group));
}

Status IndexCheck::AddStored() {
  TUPU_TRY(label_sets_.Flush());
  TUPU_TRY_ASSIGN(stored_complete_,
                  state_.Scan(Keyspace::kIndex, "", "", [&](auto key, auto value) { return VisitStored(key, value); }));
  return {};
}

Status IndexCheck::VisitStored(std::string_view key, std::string_view value) {
  const Damage kind = DamageOfIndexKey(key);
  if (kind == Damage::kLabelSet) {
    label_sets_.AddStored(key, value);
  } else if (kind == Damage::kUnknownKey) {
    state_.Report({kind, Keyspace::kIndex, std::string(key), "index", "", Hex(value)});
  } else {
    ++state_.checked().index_entries;
    if (kind == Damage::kPropertyIndex) CheckUnique(key);
    if (IsCompared(key)) AddEntry(kStored, key, value);
  }
  return {};
}

bool IndexCheck::IsCompared(std::string_view key) const {
  if (DamageOfIndexKey(key) != Damage::kPropertyIndex) return true;
  if (!state_.indexes_known) return false;
  const IndexId id = IndexOf(key);
  const auto& dropped = state_.indexes.dropped();
  if (std::find(dropped.begin(), dropped.end(), id) != dropped.end()) return false;
  const IndexDefinition* index = state_.indexes.FindIndex(id);
  return index == nullptr || index->online();  // entries of an index that never was are too many
}

void IndexCheck::CheckUnique(std::string_view key) {
  const IndexDefinition* index = state_.indexes.FindIndex(IndexOf(key));
  if (index == nullptr || !index->unique || !index->online()) return;
  if (!last_unique_.empty() && WithoutEntity(last_unique_) == WithoutEntity(key)) {
    state_.Report({Damage::kPropertyIndex, Keyspace::kIndex, std::string(key), DescribeEntry(key),
                   "values that no two have", Owner(last_unique_, "") + " and " + Owner(key, "")});
  }
  last_unique_ = key;
}

Status IndexCheck::Compare() {
  // Without all of the one side, what the other has more of is not known to be wrong.
  const bool edges_known = !entries_.has_edge_indexes() || state_.edges_complete;
  if (!state_.vertices_complete || !stored_complete_ || !state_.records_decode || !edges_known) return {};
  const uint64_t per_bucket = state_.checked().index_entries / BucketSums::kBuckets + 1;
  uint32_t bucket = 0;
  while (true) {
    BucketChoice choice;
    uint64_t chosen = 0;
    for (; bucket < BucketSums::kBuckets && chosen * per_bucket < kMaxGathered; ++bucket) {
      if (!sums_.Differ(kFromRecords, kStored, bucket)) continue;
      choice.Choose(bucket);
      ++chosen;
    }
    if (chosen == 0) return {};
    if (state_.enough()) {
      state_.LeaveOut();
      return {};
    }
    TUPU_TRY(ReportDifferences(choice));
  }
}

Status IndexCheck::GatherFromRecords(const BucketChoice& choice, Gathered& gathered) {
  const auto gather = [&](std::string_view key, std::string_view value) {
    if (choice.Has(BucketSums::BucketOf(HashBytes(key)))) {
      gathered[std::string(key)].from_records.emplace_back(value);
    }
  };
  TUPU_TRY(state_.Scan(Keyspace::kVertex, "", "", [&](std::string_view key, std::string_view value) -> Status {
    const Result<VertexId> vertex = DecodeVertexKey(key);
    if (!vertex) return {};  // reported
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(value));
    return entries_.VisitVertex(*vertex, record, gather);
  }));
  if (!entries_.has_edge_indexes()) return {};
  Status failed;
  AdjacencyWalk walk(
      state_, false, [](const DecodedAdjacencyKey&, uint64_t, uint64_t) {},
      [&](const EdgeReference& edge, const Properties& properties) {
        if (failed) failed = entries_.VisitEdge(edge, properties, gather);
      });
  TUPU_TRY(state_.Scan(Keyspace::kAdjacency, "", "", [&](std::string_view key, std::string_view value) {
    walk.Add(key, value);
    return Status();
  }));
  walk.Finish();
  return failed;
}

Status IndexCheck::ReportDifferences(const BucketChoice& choice) {
  Gathered gathered;
  TUPU_TRY(GatherFromRecords(choice, gathered));
  TUPU_TRY(state_.Scan(Keyspace::kIndex, "", "", [&](std::string_view key, std::string_view value) -> Status {
    const Damage kind = DamageOfIndexKey(key);
    if (kind == Damage::kLabelSet || kind == Damage::kUnknownKey || !IsCompared(key)) return {};
    if (choice.Has(BucketSums::BucketOf(HashBytes(key)))) gathered[std::string(key)].stored = value;
    return {};
  }));
  for (const auto& [key, both] : gathered) ReportEntry(key, both);
  return {};
}

void IndexCheck::ReportEntry(const std::string& key, const Both& both) {
  const auto report = [&](std::string expected, std::string found) {
    state_.Report(
        {DamageOfIndexKey(key), Keyspace::kIndex, key, DescribeEntry(key), std::move(expected), std::move(found)});
  };
  if (both.from_records.empty()) return report("no entry: no record calls for it", Owner(key, *both.stored));
  if (both.from_records.size() > 1) {
    std::string owners = Owner(key, both.from_records[0]);
    for (size_t i = 1; i < both.from_records.size(); ++i) owners += " and " + Owner(key, both.from_records[i]);
    return report("one vertex with this value", owners);
  }
  if (!both.stored) return report(Owner(key, both.from_records[0]), "no entry");
  if (*both.stored != both.from_records[0]) {
    report(Owner(key, both.from_records[0]) + ", value " + Hex(both.from_records[0]),
           Owner(key, *both.stored) + ", value " + Hex(*both.stored));
  }
}

std::string IndexCheck::Owner(std::string_view key, std::string_view value) const {
  const Damage kind = DamageOfIndexKey(key);
  if (kind == Damage::kPropertyIndex) {
    const IndexDefinition* index = state_.indexes.FindIndex(IndexOf(key));
    const Result<VertexId> entity = DecodeVertexId(key.substr(key.size() < 8 ? 0 : key.size() - 8));
    const bool is_edge = index != nullptr && index->target.entity == EntityKind::kEdge;
    if (entity) return is_edge ? fmt::format("edge {}", ToInteger(*entity)) : Describe(*entity);
  }
  const Result<VertexId> vertex = kind == Damage::kNameIndex ? DecodeNameKeyVertex(key) : DecodeVertexId(value);
  return vertex ? Describe(*vertex) : "no vertex id: " + Hex(value);
}

std::string IndexCheck::DescribeEntry(std::string_view key) const {
  ByteReader reader(key.substr(1));
  switch (DamageOfIndexKey(key)) {
    case Damage::kNameIndex: return fmt::format("name \"{}\"", key.substr(1, key.size() < 11 ? 0 : key.size() - 11));
    case Damage::kExternalIdIndex: {
      const uint32_t group = reader.U32();
      const std::string name = group < state_.id_groups.size()
                                   ? std::string(state_.id_groups.GetName(static_cast<IdGroupId>(group)))
                                   : std::to_string(group);
      return fmt::format("external id \"{}\" of group \"{}\"", reader.Rest(), name);
    }
    case Damage::kPropertyIndex: {
      const IndexDefinition* index = state_.indexes.FindIndex(IndexOf(key));
      return index == nullptr ? fmt::format("index {}, which is not declared", static_cast<uint32_t>(IndexOf(key)))
                              : fmt::format("index \"{}\"", index->name);
    }
    default: return fmt::format("key of {}", state_.LabelName(static_cast<LabelId>(reader.U32())));
  }
}

}  // namespace tupu
