#include <set>

#include <fmt/format.h>

#include "storage/check/check_state.h"
#include "storage/keys/bytes.h"
#include "storage/keys/index_record.h"

namespace tupu {

namespace {

/// Restores one dictionary, whose keys come in ascending ids.
template <class Id>
class DictionaryCheck {
 public:
  DictionaryCheck(std::string_view what, NameTable<Id>& names) : what_(what), names_(names) {}

  void Add(CheckState& state, std::string_view key, uint32_t id, std::string_view name) {
    if (id != names_.size()) {
      state.Report({Damage::kDictionary, Keyspace::kMeta, std::string(key), std::string(what_),
                    fmt::format("the next id, {}", names_.size()), fmt::format("id {}, \"{}\"", id, name)});
    }
    // A made-up name keeps the ids behind a hole; a hole of millions is one wrong key, which names nothing.
    if (id > names_.size() + kMaxHole) return;
    while (names_.size() < id) names_.Intern(fmt::format("?{} {}", what_, names_.size()));
    if (names_.Find(name)) {
      state.Report({Damage::kDictionary, Keyspace::kMeta, std::string(key), std::string(what_), "each name once",
                    fmt::format("\"{}\" again, as id {}", name, id)});
      names_.Intern(fmt::format("?{} {}", what_, id));
      return;
    }
    names_.Intern(name);
  }

 private:
  static constexpr uint32_t kMaxHole = 10'000;
  const std::string_view what_;
  NameTable<Id>& names_;
};

Status CheckDictionaries(CheckState& state) {
  DictionaryCheck<LabelId> labels("label", state.catalog.labels());
  DictionaryCheck<EdgeTypeId> types("edge type", state.catalog.edge_types());
  DictionaryCheck<PropertyKeyId> keys("property key", state.catalog.property_keys());
  DictionaryCheck<IdGroupId> groups("id group", state.id_groups);
  const auto visit = [&](std::string_view key, std::string_view name) -> Status {
    ++state.checked().names;
    const Result<DecodedDictionaryKey> entry = DecodeDictionaryKey(key);
    if (!entry) {
      state.Report({Damage::kUnknownKey, Keyspace::kMeta, std::string(key), "dictionary", "", entry.error().message});
      return {};
    }
    switch (entry->dictionary) {
      case Dictionary::kLabel: labels.Add(state, key, entry->id, name); break;
      case Dictionary::kEdgeType: types.Add(state, key, entry->id, name); break;
      case Dictionary::kPropertyKey: keys.Add(state, key, entry->id, name); break;
      case Dictionary::kIdGroup: groups.Add(state, key, entry->id, name); break;
    }
    return {};
  };
  TUPU_TRY(state.Scan(Keyspace::kMeta, DictionaryPrefix(), PrefixUpperBound(DictionaryPrefix()).value_or(""), visit));
  return {};
}

void CheckOntology(CheckState& state, std::string_view json) {
  Result<Ontology> ontology = Ontology::Parse(json);
  if (ontology) {
    state.ontology = std::move(*ontology);
    return;
  }
  state.ontology_known = false;
  state.Report({Damage::kOntology, Keyspace::kMeta, std::string(kOntologyKey), "ontology", "a declared ontology",
                ontology.error().message});
}

void CheckIndexCatalog(CheckState& state, std::string_view bytes) {
  Result<IndexCatalog> indexes = DecodeIndexCatalog(bytes);
  if (indexes) {
    state.indexes = std::move(*indexes);
    return;
  }
  state.indexes_known = false;
  state.Report({Damage::kSchema, Keyspace::kMeta, std::string(kIndexesKey), "indexes and constraints", "a record",
                indexes.error().message});
}

/// Statistics are estimates: they need not fit, but be readable.
void CheckStatistics(CheckState& state, std::string_view bytes) {
  const Result<GraphStatistics> statistics = DecodeStatistics(bytes);
  if (statistics) return;
  state.Report({Damage::kSchema, Keyspace::kMeta, std::string(kStatisticsKey), "statistics", "a record",
                statistics.error().message});
}

void CheckSavedCsrRecord(CheckState& state, std::string_view bytes) {
  const Result<SavedCsrRecord> record = DecodeSavedCsrRecord(bytes);
  if (record) {
    state.saved_csrs = *record;
    return;
  }
  state.Report({Damage::kSavedCsr, Keyspace::kMeta, std::string(kSavedCsrKey), "saved CSRs", "a record",
                record.error().message});
}

/// The record of saved CSRs comes before their log.
void CheckAdjacencyLogEntry(CheckState& state, std::string_view key, std::string_view bytes) {
  const Result<uint64_t> commit = DecodeAdjacencyLogKey(key);
  if (!commit) {
    state.Report({Damage::kUnknownKey, Keyspace::kMeta, std::string(key), "meta", "", Hex(bytes)});
    return;
  }
  const auto report = [&](std::string expected, std::string found) {
    state.Report({Damage::kSavedCsr, Keyspace::kMeta, std::string(key),
                  fmt::format("log of the adjacency that commit {} changed", *commit), std::move(expected),
                  std::move(found)});
  };
  const Result<AdjacencyLogEntry> entry = DecodeAdjacencyLogEntry(bytes);
  if (!entry) {
    report("a record", entry.error().message);
  } else if (!state.saved_csrs || *commit <= state.saved_csrs->commit) {
    report("nothing: no saved CSRs are older", fmt::format("{} changes", entry->changes.size()));
  }
}

void CheckStoredCounts(CheckState& state, std::string_view bytes) {
  Result<GraphCounts> counts = DecodeGraphCounts(bytes);
  if (counts) {
    state.stored = std::move(*counts);
    state.has_counts = true;
    state.checked().commit = state.stored.commit;
    return;
  }
  state.Report(
      {Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "counts", "a record", counts.error().message});
}

Status CheckFormatVersion(CheckState& state, std::string_view bytes) {
  ByteReader reader(bytes);
  const uint32_t version = reader.U32();
  if (!reader.Finish("format version") || version == 0) {
    state.Report({Damage::kFormat, Keyspace::kMeta, std::string(kFormatKey), "format version",
                  std::to_string(kFormatVersion), Hex(bytes)});
    return {};
  }
  if (version == kFormatVersion) return {};
  return Error{
      ErrorCode::kUnsupported,
      fmt::format("the database has format {}, this tupu checks format {}; {}", version, kFormatVersion,
                  version > kFormatVersion ? "use a newer tupu" : "open it for writing once, which migrates it")};
}

}  // namespace

Status CheckMeta(CheckState& state) {
  std::set<std::string, std::less<>> seen;
  const auto visit = [&](std::string_view key, std::string_view value) -> Status {
    seen.emplace(key);
    if (key.starts_with(DictionaryPrefix())) return {};  // below
    if (key.starts_with(MigrationPrefix()) && key.size() == MigrationKey(0).size()) return {};
    if (key == kFormatKey) return CheckFormatVersion(state, value);
    if (key == kCountsKey) {
      CheckStoredCounts(state, value);
    } else if (key == kOntologyKey) {
      CheckOntology(state, value);
    } else if (key == kIndexesKey) {
      CheckIndexCatalog(state, value);
    } else if (key == kStatisticsKey) {
      CheckStatistics(state, value);
    } else if (key == kSavedCsrKey) {
      CheckSavedCsrRecord(state, value);
    } else if (key.starts_with(AdjacencyLogPrefix())) {
      CheckAdjacencyLogEntry(state, key, value);
    } else {
      state.Report({Damage::kUnknownKey, Keyspace::kMeta, std::string(key), "meta", "", Hex(value)});
    }
    return {};
  };
  TUPU_TRY_ASSIGN(const bool complete, state.Scan(Keyspace::kMeta, "", "", visit));
  if (!complete) return {};
  if (!seen.contains(kFormatKey)) {
    state.Report({Damage::kFormat, Keyspace::kMeta, std::string(kFormatKey), "format version",
                  std::to_string(kFormatVersion), "nothing"});
  }
  if (!seen.contains(kCountsKey)) {
    state.Report({Damage::kCounts, Keyspace::kMeta, std::string(kCountsKey), "counts", "a record", "nothing"});
  }
  return CheckDictionaries(state);
}

}  // namespace tupu
