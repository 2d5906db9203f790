#include <map>

#include <fmt/format.h>

#include "storage/check/bucket_sums.h"
#include "storage/check/check_state.h"
#include "storage/check/index_entries.h"
#include "storage/check/label_sets.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

constexpr size_t kFromRecords = 0;
constexpr size_t kStored = 1;

/// Entries that are kept at once while differences are looked up.
constexpr uint64_t kMaxGathered = 1'000'000;

class VertexCheck {
 public:
  explicit VertexCheck(CheckState& state)
      : state_(state), entries_(state.ontology, state.catalog), sums_(2), label_sets_(state) {}

  Status Run() {
    TUPU_TRY_ASSIGN(state_.vertices_complete, state_.Scan(Keyspace::kVertex, "", "", [&](auto key, auto value) {
      return VisitVertex(key, value);
    }));
    TUPU_TRY(label_sets_.Flush());
    TUPU_TRY_ASSIGN(const bool complete, state_.Scan(Keyspace::kIndex, "", "",
                                                     [&](auto key, auto value) { return VisitIndex(key, value); }));
    // Without all of the one side, what the other has more of is not known to be wrong.
    return state_.vertices_complete && complete && records_decode_ ? CompareEntries() : Status();
  }

 private:
  void Undecodable(std::string_view key, VertexId vertex, const Error& error) {
    records_decode_ = false;
    state_.Report({Damage::kVertexRecord, Keyspace::kVertex, std::string(key), Describe(vertex), "", error.message});
  }

  Status VisitVertex(std::string_view key, std::string_view value) {
    const Result<VertexId> vertex = DecodeVertexKey(key);
    if (!vertex) {
      state_.Report({Damage::kUnknownKey, Keyspace::kVertex, std::string(key), "vertex", "", vertex.error().message});
      return {};
    }
    ++state_.checked().vertices;
    ++state_.counted.vertices;
    state_.vertices.Add(ToInteger(*vertex));
    if (state_.has_counts && ToInteger(*vertex) >= state_.stored.next_vertex) {
      state_.Report({Damage::kAboveMark, Keyspace::kVertex, std::string(key), Describe(*vertex),
                     fmt::format("an id below {}", state_.stored.next_vertex), std::to_string(ToInteger(*vertex))});
    }
    const Result<VertexRecordView> record = DecodeVertexRecord(value);
    if (!record) {
      Undecodable(key, *vertex, record.error());
      state_.undecodable.Add(ToInteger(*vertex));
      state_.labels_complete = false;
      return label_sets_.AddVertex(*vertex, {});
    }
    CheckNames(key, *vertex, *record);
    TUPU_TRY(label_sets_.AddVertex(*vertex, record->labels));
    const Result<Properties> properties = DecodeRow(record->row);
    if (!properties) {
      Undecodable(key, *vertex, properties.error());
      return {};
    }
    for (const auto& [property, v] : *properties) {
      if (ToInteger(property) < state_.catalog.property_keys().size()) continue;
      state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(*vertex),
                     "property keys that have a name", fmt::format("property key {}", ToInteger(property))});
    }
    return entries_.Visit(*vertex, *record,
                          [&](std::string_view k, std::string_view v) { AddEntry(kFromRecords, k, v); });
  }

  /// Counts the labels, and holds the numbers in a record against the dictionaries.
  void CheckNames(std::string_view key, VertexId vertex, const VertexRecordView& record) {
    for (const LabelId label : record.labels) {
      if (ToInteger(label) < state_.catalog.labels().size()) {
        state_.counted.AddToLabel(label, 1);
      } else {
        state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(vertex),
                       "labels that have a name", fmt::format("label {}", ToInteger(label))});
      }
    }
    if (record.external_id && ToInteger(record.external_id->group) >= state_.id_groups.size()) {
      state_.Report({Damage::kDictionary, Keyspace::kVertex, std::string(key), Describe(vertex),
                     "an id group that has a name", fmt::format("id group {}", ToInteger(record.external_id->group))});
    }
  }

  Status VisitIndex(std::string_view key, std::string_view value) {
    const Damage kind = DamageOfIndexKey(key);
    if (kind == Damage::kLabelSet) {
      label_sets_.AddStored(key, value);
    } else if (kind == Damage::kUnknownKey) {
      state_.Report({kind, Keyspace::kIndex, std::string(key), "index", "", Hex(value)});
    } else {
      ++state_.checked().index_entries;
      AddEntry(kStored, key, value);
    }
    return {};
  }

  void AddEntry(size_t side, std::string_view key, std::string_view value) {
    const uint64_t group = HashBytes(key);
    sums_.Add(side, BucketSums::BucketOf(group), HashBytes(value, group));
  }

  // --- Differences ---

  /// What both sides say of one key; a key that two records call for has several values.
  struct Both {
    std::vector<std::string> from_records;
    std::optional<std::string> stored;
  };
  using Gathered = std::map<std::string, Both, std::less<>>;

  Status CompareEntries() {
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

  Status ReportDifferences(const BucketChoice& choice) {
    Gathered gathered;
    const auto is_chosen = [&](std::string_view key) { return choice.Has(BucketSums::BucketOf(HashBytes(key))); };
    TUPU_TRY(state_.Scan(Keyspace::kVertex, "", "", [&](std::string_view key, std::string_view value) -> Status {
      const Result<VertexId> vertex = DecodeVertexKey(key);
      if (!vertex) return {};  // reported
      TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(value));
      return entries_.Visit(*vertex, record, [&](std::string_view k, std::string_view v) {
        if (is_chosen(k)) gathered[std::string(k)].from_records.emplace_back(v);
      });
    }));
    TUPU_TRY(state_.Scan(Keyspace::kIndex, "", "", [&](std::string_view key, std::string_view value) -> Status {
      const Damage kind = DamageOfIndexKey(key);
      if (kind != Damage::kLabelSet && kind != Damage::kUnknownKey && is_chosen(key)) {
        gathered[std::string(key)].stored = value;
      }
      return {};
    }));
    for (const auto& [key, both] : gathered) ReportEntry(key, both);
    return {};
  }

  void ReportEntry(const std::string& key, const Both& both) {
    const Damage kind = DamageOfIndexKey(key);
    const auto report = [&](std::string expected, std::string found) {
      state_.Report({kind, Keyspace::kIndex, key, DescribeEntry(key), std::move(expected), std::move(found)});
    };
    if (both.from_records.empty()) return report("no entry: no record calls for it", Owner(key, *both.stored));
    if (both.from_records.size() > 1) {
      std::string owners = Owner(key, both.from_records[0]);
      for (size_t i = 1; i < both.from_records.size(); ++i) owners += " and " + Owner(key, both.from_records[i]);
      return report("one vertex with this value", owners);
    }
    if (!both.stored) return report(Owner(key, both.from_records[0]), "no entry");
    if (*both.stored != both.from_records[0]) report(Owner(key, both.from_records[0]), Owner(key, *both.stored));
  }

  static std::string Owner(std::string_view key, std::string_view value) {
    const Result<VertexId> vertex =
        DamageOfIndexKey(key) == Damage::kNameIndex ? DecodeNameKeyVertex(key) : DecodeVertexId(value);
    return vertex ? Describe(*vertex) : "no vertex id: " + Hex(value);
  }

  std::string DescribeEntry(std::string_view key) const {
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
      default: return fmt::format("key of {}", state_.LabelName(static_cast<LabelId>(reader.U32())));
    }
  }

  CheckState& state_;
  const IndexEntries entries_;
  BucketSums sums_;
  LabelSetCheck label_sets_;
  bool records_decode_ = true;
};

}  // namespace

Status CheckVerticesAndIndexes(CheckState& state) {
  return VertexCheck(state).Run();
}

}  // namespace tupu
