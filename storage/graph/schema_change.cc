#include "storage/graph/schema_change.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "storage/graph/graph_snapshot.h"
#include "storage/graph/index_maintenance.h"
#include "storage/keys/bytes.h"
#include "storage/keys/ordered_value.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

// Entities of one chunk of a build. Large enough that the fsync of a chunk does not count, small enough that a writer waits
// some ten milliseconds for one.
constexpr size_t kVerticesPerChunk = 4096;
constexpr size_t kStartsPerChunk = 512;  // vertices whose edges are gone through
constexpr size_t kDeletesPerChunk = 16'384;

Error AlreadyExists(std::string message, std::string hint = {}) {
  return Error{ErrorCode::kAlreadyExists, std::move(message), std::nullopt, "SchemaError.AlreadyExists",
               std::move(hint)};
}

Error NoSuch(std::string_view what, const std::string& name) {
  return Error{ErrorCode::kNotFound, fmt::format("there is no {} \"{}\"", what, name), std::nullopt,
               "SchemaError.NotFound",
               fmt::format("SHOW {} lists them; IF EXISTS passes over one that is not there.",
                           what == "index" ? "INDEXES" : "CONSTRAINTS")};
}

std::string_view KindWord(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::kUnique: return "unique";
    case ConstraintKind::kExists: return "exists";
    case ConstraintKind::kType: return "type";
    case ConstraintKind::kKey: return "key";
  }
  return "unique";
}

/// Goes through cursor batches: `visit(ids)` for each, with a look at the token before.
template <class Cursor, class Visit>
Status ForEachChunk(Cursor& cursor, size_t chunk, const CancellationToken& cancellation, const Visit& visit) {
  std::vector<VertexId> ids(chunk);
  while (true) {
    TUPU_TRY(cancellation.Check());
    TUPU_TRY_ASSIGN(const size_t count, cursor.Next(ids));
    if (count == 0) return {};
    TUPU_TRY(visit(std::span<const VertexId>(ids.data(), count)));
  }
}

/// Reports how far a build has come, to its caller and to SHOW INDEXES.
class BuildMeter {
 public:
  BuildMeter(uint64_t total, std::shared_ptr<BuildProgress> shared, const SchemaOptions& options)
      : total_(static_cast<double>(std::max<uint64_t>(total, 1))), shared_(std::move(shared)), options_(options) {}

  void Add(size_t done) {
    done_ += static_cast<double>(done);
    const double share = std::min(1.0, done_ / total_);
    if (shared_ != nullptr) shared_->store(share, std::memory_order_relaxed);
    if (options_.progress) options_.progress(share);
  }

 private:
  double done_ = 0;
  const double total_;
  const std::shared_ptr<BuildProgress> shared_;
  const SchemaOptions& options_;
};

}  // namespace

SchemaState& SchemaCommit::Change() {
  if (!changed) changed = last.schema();
  return *changed;
}

// ---- Names and targets

Result<SchemaTarget> SchemaChanger::Resolve(const IndexRequest& request) {
  SchemaTarget target;
  target.entity = request.entity;
  Catalog& catalog = host_.schema_names().catalog;
  target.schema = request.entity == EntityKind::kVertex ? ToInteger(catalog.labels().Intern(request.schema))
                                                        : ToInteger(catalog.edge_types().Intern(request.schema));
  for (const std::string& property : request.properties) {
    const PropertyKeyId key = catalog.property_keys().Intern(property);
    if (std::find(target.properties.begin(), target.properties.end(), key) != target.properties.end()) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("the property {} is named twice", property)};
    }
    target.properties.push_back(key);
  }
  return target;
}

std::string SchemaChanger::NameFor(const IndexRequest& request, std::string_view kind) const {
  if (!request.name.empty()) return request.name;
  const std::string base = fmt::format("{}_{}_{}", kind, request.schema, fmt::join(request.properties, "_"));
  std::string name = base;
  for (int number = 2; !CheckNameIsFree(name); ++number) name = fmt::format("{}_{}", base, number);
  return name;
}

Status SchemaChanger::CheckNameIsFree(const std::string& name) const {
  const auto last = host_.LastCommitted();
  const IndexCatalog& catalog = last->indexes();
  if (catalog.FindIndex(name) == nullptr && catalog.FindConstraint(name) == nullptr) return {};
  return AlreadyExists(fmt::format("the name \"{}\" is taken by {}", name,
                                   catalog.FindConstraint(name) != nullptr ? "a constraint" : "an index"),
                       "Choose another name, or write IF NOT EXISTS.");
}

// ---- Create

Result<SchemaCounters> SchemaChanger::CreateIndex(const IndexRequest& request, const SchemaOptions& options) {
  TUPU_TRY_ASSIGN(const SchemaTarget target, Resolve(request));
  {
    const auto last = host_.LastCommitted();
    const IndexDefinition* same = last->indexes().FindIndex(target);
    const bool taken = !request.name.empty() && !CheckNameIsFree(request.name);
    if (request.if_not_exists && (same != nullptr || taken)) return SchemaCounters{};
    if (same != nullptr) {
      return AlreadyExists(fmt::format("the index \"{}\" is on the same {} and properties", same->name,
                                       target.entity == EntityKind::kVertex ? "label" : "type"));
    }
  }
  IndexDefinition index;
  index.name = NameFor(request, "index");
  index.target = target;
  index.progress = std::make_shared<BuildProgress>(0);
  TUPU_TRY(CheckNameIsFree(index.name));
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.collides = true;
    index.id = commit.Change().indexes.NewId();
    commit.Change().indexes.Add(index);
    return {};
  }));
  IndexStatistics statistics;
  const auto complete = [&]() -> Status {
    TUPU_TRY(Build(index, options));
    TUPU_TRY_ASSIGN(statistics, CountValues(*host_.LastCommitted(), index, options.cancellation));
    return {};
  };
  if (Status done = complete(); !done) {
    TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
      commit.collides = true;
      commit.Change().indexes.RemoveIndex(index.id);
      return {};
    }));
    TUPU_TRY(RemoveEntries());
    return std::move(done).error();
  }
  const uint64_t entries = statistics.entries;
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.Change().indexes.MutableIndex(index.id)->state = IndexState::kOnline;
    commit.Change().statistics.indexes[index.id] = std::move(statistics);
    return {};
  }));
  KeepOpensFast(entries);
  return SchemaCounters{.indexes_added = 1};
}

Result<SchemaCounters> SchemaChanger::CreateConstraint(const ConstraintRequest& request, const SchemaOptions& options) {
  TUPU_TRY_ASSIGN(const SchemaTarget target, Resolve(request));
  const bool indexed = request.kind == ConstraintKind::kUnique || request.kind == ConstraintKind::kKey;
  {
    const auto last = host_.LastCommitted();
    const ConstraintDefinition* same = last->indexes().FindConstraint(target, request.kind);
    const bool taken = !request.name.empty() && !CheckNameIsFree(request.name);
    if (request.if_not_exists && (same != nullptr || taken)) return SchemaCounters{};
    if (same != nullptr) return AlreadyExists(fmt::format("the constraint \"{}\" says the same", same->name));
    const IndexDefinition* index = last->indexes().FindIndex(target);
    if (indexed && index != nullptr) {
      return AlreadyExists(fmt::format("the index \"{}\" is on the same; the constraint brings its own", index->name),
                           fmt::format("DROP {} {} first.", index->owner ? "CONSTRAINT" : "INDEX", index->name));
    }
  }
  ConstraintDefinition constraint;
  constraint.name = NameFor(request, fmt::format("constraint_{}", KindWord(request.kind)));
  constraint.kind = request.kind;
  constraint.target = target;
  constraint.types = request.types;
  TUPU_TRY(CheckNameIsFree(constraint.name));
  IndexDefinition index;
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.collides = true;
    SchemaState& schema = commit.Change();
    constraint.id = schema.indexes.NewId();
    if (indexed) {
      index.id = schema.indexes.NewId();
      index.name = constraint.name;
      index.target = target;
      index.unique = true;
      index.owner = constraint.id;
      index.progress = std::make_shared<BuildProgress>(0);
      constraint.index = index.id;
      schema.indexes.Add(index);
    }
    schema.indexes.Add(constraint);
    return {};
  }));
  IndexStatistics statistics;
  const auto complete = [&]() -> Status {
    if (constraint.kind != ConstraintKind::kUnique) TUPU_TRY(CheckStored(constraint, options));
    if (!indexed) return {};
    TUPU_TRY(Build(index, options));
    TUPU_TRY(CheckUnique(index, options));
    TUPU_TRY_ASSIGN(statistics, CountValues(*host_.LastCommitted(), index, options.cancellation));
    return {};
  };
  if (Status done = complete(); !done) {
    TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
      commit.collides = true;
      commit.Change().indexes.RemoveConstraint(constraint.id);
      commit.Change().indexes.RemoveIndex(index.id);
      return {};
    }));
    TUPU_TRY(RemoveEntries());
    return std::move(done).error();
  }
  const uint64_t entries = statistics.entries;
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.Change().indexes.MutableConstraint(constraint.id)->state = IndexState::kOnline;
    if (!indexed) return {};
    commit.Change().indexes.MutableIndex(index.id)->state = IndexState::kOnline;
    commit.Change().statistics.indexes[index.id] = std::move(statistics);
    return {};
  }));
  KeepOpensFast(entries);
  return SchemaCounters{.indexes_added = 0, .constraints_added = 1};
}

/// What was built is in the log, through which every open would go until enough is written to fill a table.
void SchemaChanger::KeepOpensFast(uint64_t entries) {
  constexpr uint64_t kWorthAFlush = 16'384;
  // The index is there all the same if this fails; a failing disk shows at the next write.
  if (entries >= kWorthAFlush) (void)host_.Flush();
}

// ---- Drop

Result<SchemaCounters> SchemaChanger::DropIndex(const std::string& name, bool if_exists) {
  const auto last = host_.LastCommitted();
  const IndexDefinition* index = last->indexes().FindIndex(name);
  if (index == nullptr) {
    if (if_exists) return SchemaCounters{};
    return NoSuch("index", name);
  }
  if (index->owner) {
    return Error{ErrorCode::kConstraint, fmt::format("the index \"{}\" belongs to the constraint of that name", name),
                 std::nullopt, "SchemaError.ForbiddenOnConstraintIndex", fmt::format("DROP CONSTRAINT {}.", name)};
  }
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.collides = true;
    commit.Change().indexes.RemoveIndex(index->id);
    commit.Change().statistics.indexes.erase(index->id);
    return {};
  }));
  TUPU_TRY(RemoveEntries());
  return SchemaCounters{.indexes_removed = 1};
}

Result<SchemaCounters> SchemaChanger::DropConstraint(const std::string& name, bool if_exists) {
  const auto last = host_.LastCommitted();
  const ConstraintDefinition* constraint = last->indexes().FindConstraint(name);
  if (constraint == nullptr) {
    if (if_exists) return SchemaCounters{};
    return NoSuch("constraint", name);
  }
  TUPU_TRY(host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    commit.collides = true;
    commit.Change().indexes.RemoveConstraint(constraint->id);
    if (!constraint->index) return {};
    commit.Change().indexes.RemoveIndex(*constraint->index);
    commit.Change().statistics.indexes.erase(*constraint->index);
    return {};
  }));
  TUPU_TRY(RemoveEntries());
  return SchemaCounters{.constraints_removed = 1};
}

Status SchemaChanger::RemoveEntries() {
  const auto start = host_.LastCommitted();
  for (const IndexId id : start->indexes().dropped()) {
    bool more = true;
    while (more) {
      const auto write_chunk = [&](SchemaCommit& commit) -> Status {
        const KeyRange keys = IndexKeyRange(id);
        TUPU_TRY(
            commit.last.kv().Scan(Keyspace::kIndex, keys.begin, keys.end, [&](std::string_view key, std::string_view) {
              commit.batch.push_back({Keyspace::kIndex, std::string(key), std::nullopt});
              return commit.batch.size() < kDeletesPerChunk;
            }));
        more = commit.batch.size() == kDeletesPerChunk;
        if (!more) commit.Change().indexes.ForgetDropped(id);
        return {};
      };
      TUPU_TRY(host_.CommitSchema(write_chunk));
    }
  }
  return {};
}

Status SchemaChanger::RemoveUnfinished() {
  const auto last = host_.LastCommitted();
  const auto unfinished = [](const auto& each) { return each.state == IndexState::kPopulating; };
  const IndexCatalog& catalog = last->indexes();
  const bool any = std::any_of(catalog.indexes().begin(), catalog.indexes().end(), unfinished) ||
                   std::any_of(catalog.constraints().begin(), catalog.constraints().end(), unfinished);
  if (!any) return {};
  return host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    // The entries go at the next change of the schema: an open should not wait for them, and nothing reads them.
    for (const IndexDefinition& index : catalog.indexes())
      if (unfinished(index)) commit.Change().indexes.RemoveIndex(index.id);
    for (const ConstraintDefinition& constraint : catalog.constraints())
      if (unfinished(constraint)) commit.Change().indexes.RemoveConstraint(constraint.id);
    return {};
  });
}

// ---- Build

Status SchemaChanger::Build(const IndexDefinition& index, const SchemaOptions& options) {
  return index.target.entity == EntityKind::kVertex ? BuildVertices(index, options) : BuildEdges(index, options);
}

Status SchemaChanger::BuildVertices(const IndexDefinition& index, const SchemaOptions& options) {
  // Of a state that knows the index: vertices that come later, or get the label later, are indexed by their commits.
  const auto snapshot = host_.LastCommitted();
  const LabelId label = index.target.label();
  BuildMeter meter(snapshot->CountVertices(label), index.progress, options);
  TUPU_TRY_ASSIGN(const auto cursor, snapshot->ScanVertices(label));
  return ForEachChunk(*cursor, kVerticesPerChunk, options.cancellation, [&](std::span<const VertexId> ids) -> Status {
    const auto write_chunk = [&](SchemaCommit& commit) -> Status {
      std::vector<std::string> keys;
      for (const VertexId id : ids) keys.push_back(VertexKey(id));
      TUPU_TRY_ASSIGN(const auto records, commit.last.kv().MultiGet(Keyspace::kVertex, keys));
      IndexMaintenance maintenance(commit.last.kv(), commit.last.indexes(), host_.schema_names().catalog);
      for (size_t i = 0; i < ids.size(); ++i) {
        if (!records[i]) continue;  // deleted meanwhile
        TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*records[i]));
        if (!std::binary_search(record.labels.begin(), record.labels.end(), label)) continue;
        TUPU_TRY(maintenance.BuildVertex(index, ids[i], record.row));
      }
      return maintenance.Finish(commit.batch);
    };
    TUPU_TRY(host_.CommitSchema(write_chunk));
    meter.Add(ids.size());
    return {};
  });
}

Status SchemaChanger::BuildEdges(const IndexDefinition& index, const SchemaOptions& options) {
  const auto snapshot = host_.LastCommitted();
  const EdgeTypeId type = index.target.edge_type();
  BuildMeter meter(snapshot->CountVertices(std::nullopt), index.progress, options);
  TUPU_TRY_ASSIGN(const auto cursor, snapshot->ScanVertices(std::nullopt));
  return ForEachChunk(*cursor, kStartsPerChunk, options.cancellation, [&](std::span<const VertexId> ids) -> Status {
    const auto write_chunk = [&](SchemaCommit& commit) -> Status {
      IndexMaintenance maintenance(commit.last.kv(), commit.last.indexes(), host_.schema_names().catalog);
      std::vector<NeighbourRecord> steps;
      std::string row;
      for (const VertexId start : ids) {
        steps.clear();
        TUPU_TRY(commit.last.ExpandWithProperties(start, Direction::kOut, std::array{type}, steps));
        for (const NeighbourRecord& step : steps) {
          row.clear();
          AppendRow(row, step.properties);
          TUPU_TRY(maintenance.BuildEdge(index, {step.edge, start, step.vertex, type}, row));
        }
      }
      return maintenance.Finish(commit.batch);
    };
    TUPU_TRY(host_.CommitSchema(write_chunk));
    meter.Add(ids.size());
    return {};
  });
}

Status SchemaChanger::CheckUnique(const IndexDefinition& index, const SchemaOptions& options) {
  // From here on a transaction that could commit sees every entry of the build, so what is doubled is doubled already.
  TUPU_TRY(host_.CommitSchema([](SchemaCommit& commit) -> Status {
    commit.collides = true;
    return {};
  }));
  const auto snapshot = host_.LastCommitted();
  const KeyRange keys = IndexKeyRange(index.id);
  std::string last;
  uint64_t seen = 0;
  Status failed;
  TUPU_TRY(snapshot->kv().Scan(Keyspace::kIndex, keys.begin, keys.end, [&](std::string_view key, std::string_view) {
    if (++seen % 4096 == 0) failed = options.cancellation.Check();
    const size_t shared = key.size() - 8;
    if (failed && last.size() == key.size() && last.compare(0, shared, key.substr(0, shared)) == 0)
      failed = DuplicateEntries(index, snapshot->catalog(), last, key);
    last.assign(key);
    return failed.has_value();
  }));
  return failed;
}

namespace {

/// The first two entities that a constraint does not let stand.
class Violators {
 public:
  /// True when there is no need to look further.
  Result<bool> Check(const ConstraintDefinition& constraint, const Catalog& names, uint64_t entity,
                     std::string_view row) {
    const Status fulfilled = CheckConstraint(constraint, names, entity, row);
    if (fulfilled) return false;
    if (fulfilled.error().code != ErrorCode::kConstraint) return fulfilled.error();
    if (first_) {
      first_->message += fmt::format("; so is it with {} {}",
                                     constraint.target.entity == EntityKind::kVertex ? "vertex" : "edge", entity);
      return true;
    }
    first_ = fulfilled.error();
    return false;
  }
  Status ToStatus() const { return first_ ? Status(*first_) : Status(); }

 private:
  std::optional<Error> first_;
};

}  // namespace

Status SchemaChanger::CheckStored(const ConstraintDefinition& constraint, const SchemaOptions& options) {
  // Of a state that knows the constraint: what comes later is checked by its commit.
  const auto snapshot = host_.LastCommitted();
  const Catalog& names = snapshot->catalog();
  const bool vertices = constraint.target.entity == EntityKind::kVertex;
  const std::optional<LabelId> label = vertices ? std::optional(constraint.target.label()) : std::nullopt;
  BuildMeter meter(snapshot->CountVertices(label), nullptr, options);
  TUPU_TRY_ASSIGN(const auto cursor, snapshot->ScanVertices(label));
  Violators violators;
  bool enough = false;
  std::vector<NeighbourRecord> steps;
  const auto check_vertex = [&](VertexId id) -> Status {
    TUPU_TRY_ASSIGN(const auto bytes, snapshot->FindVertexBytes(id));
    if (!bytes) return {};
    TUPU_TRY_ASSIGN(const VertexRecordView record, DecodeVertexRecord(*bytes));
    TUPU_TRY_ASSIGN(enough, violators.Check(constraint, names, ToInteger(id), record.row));
    return {};
  };
  const auto check_edges = [&](VertexId start) -> Status {
    steps.clear();
    TUPU_TRY(snapshot->ExpandWithProperties(start, Direction::kOut, std::array{constraint.target.edge_type()}, steps));
    std::string row;
    for (const NeighbourRecord& step : steps) {
      row.clear();
      AppendRow(row, step.properties);
      TUPU_TRY_ASSIGN(enough, violators.Check(constraint, names, ToInteger(step.edge), row));
      if (enough) break;
    }
    return {};
  };
  const auto check = [&](std::span<const VertexId> ids) -> Status {
    for (const VertexId id : ids) {
      if (enough) return {};
      TUPU_TRY(vertices ? check_vertex(id) : check_edges(id));
    }
    meter.Add(ids.size());
    return {};
  };
  TUPU_TRY(ForEachChunk(*cursor, kStartsPerChunk, options.cancellation, check));
  return violators.ToStatus();
}

// ---- Statistics

Result<IndexStatistics> CountValues(const GraphSnapshot& snapshot, const IndexDefinition& index,
                                    const CancellationToken& cancellation) {
  const KeyRange keys = IndexKeyRange(index.id);
  const size_t head = keys.begin.size();
  const std::optional<LabelId> label =
      index.target.entity == EntityKind::kVertex ? std::optional(index.target.label()) : std::nullopt;
  const uint64_t expected = label ? snapshot.CountVertices(label) : snapshot.CountEdges(index.target.edge_type());
  IndexStatisticsBuilder builder(index.target.properties.size(), expected);
  Status failed;
  uint64_t seen = 0;
  std::vector<size_t> ends;
  const auto add = [&](std::string_view key) -> Status {
    if (++seen % 4096 == 0) TUPU_TRY(cancellation.Check());
    const std::string_view values = key.substr(head, key.size() - head - 8);
    ByteReader reader(values);
    ends.clear();
    for (size_t i = 0; i < index.target.properties.size(); ++i) {
      TUPU_TRY_ASSIGN(const Value value, TakeOrderedValue(reader));
      ends.push_back(values.size() - reader.remaining());
    }
    TUPU_TRY(reader.Finish("index entry"));
    builder.Add(values, ends);
    return {};
  };
  TUPU_TRY(snapshot.kv().Scan(Keyspace::kIndex, keys.begin, keys.end, [&](std::string_view key, std::string_view) {
    failed = key.size() < head + 8 ? Status(CorruptionOf("index entry", "too short")) : add(key);
    return failed.has_value();
  }));
  TUPU_TRY(std::move(failed));
  return std::move(builder).Finish();
}

namespace {

/// Edges by the labels of their ends. One pass over the vertices to learn their labels, one over the lists of their out-edges.
Result<std::map<LabelTriple, uint64_t>> CountTriples(const GraphSnapshot& snapshot,
                                                     const CancellationToken& cancellation) {
  std::vector<std::vector<LabelId>> sets;
  std::map<std::vector<LabelId>, uint32_t> numbers;
  std::vector<uint32_t> set_of(snapshot.counts().next_vertex, UINT32_MAX);
  TUPU_TRY_ASSIGN(const auto first, snapshot.ScanVertices(std::nullopt));
  const auto take = [&](std::span<const VertexId> ids) -> Status {
    for (const VertexId id : ids) {
      TUPU_TRY_ASSIGN(std::vector<LabelId> labels, snapshot.VertexLabels(id));
      const auto [found, is_new] = numbers.try_emplace(labels, static_cast<uint32_t>(sets.size()));
      if (is_new) sets.push_back(std::move(labels));
      set_of[ToInteger(id)] = found->second;
    }
    return {};
  };
  TUPU_TRY(ForEachChunk(*first, kVerticesPerChunk, cancellation, take));
  std::map<std::tuple<uint32_t, EdgeTypeId, uint32_t>, uint64_t> by_set;
  std::vector<Neighbour> steps;
  TUPU_TRY_ASSIGN(const auto second, snapshot.ScanVertices(std::nullopt));
  const auto count_steps = [&](std::span<const VertexId> ids) -> Status {
    for (const VertexId id : ids) {
      steps.clear();
      TUPU_TRY(snapshot.Expand(id, Direction::kOut, {}, steps));
      for (const Neighbour& step : steps) ++by_set[{set_of[ToInteger(id)], step.type, set_of[ToInteger(step.vertex)]}];
    }
    return {};
  };
  TUPU_TRY(ForEachChunk(*second, kStartsPerChunk, cancellation, count_steps));
  std::map<LabelTriple, uint64_t> triples;
  for (const auto& [key, count] : by_set) {
    const auto& [start, type, end] = key;
    if (start == UINT32_MAX || end == UINT32_MAX) return CorruptionOf("adjacency", "an edge ends at no vertex");
    for (const LabelId from : sets[start]) {
      triples[{from, type, kAnyLabel}] += count;
      for (const LabelId to : sets[end]) triples[{from, type, to}] += count;
    }
    for (const LabelId to : sets[end]) triples[{kAnyLabel, type, to}] += count;
  }
  return triples;
}

}  // namespace

Status SchemaChanger::RefreshStatistics(StatisticsScope scope, const CancellationToken& cancellation) {
  const auto snapshot = host_.LastCommitted();
  GraphStatistics fresh = snapshot->statistics();
  if (scope == StatisticsScope::kAll) {
    TUPU_TRY_ASSIGN(fresh.triples, CountTriples(*snapshot, cancellation));
    fresh.commit = snapshot->counts().commit;
    fresh.edges_counted = snapshot->counts().edges;
  }
  for (const IndexDefinition& index : snapshot->indexes().indexes()) {
    if (!index.online()) continue;
    TUPU_TRY_ASSIGN(fresh.indexes[index.id], CountValues(*snapshot, index, cancellation));
  }
  return host_.CommitSchema([&](SchemaCommit& commit) -> Status {
    std::erase_if(fresh.indexes,
                  [&](const auto& each) { return commit.last.indexes().FindIndex(each.first) == nullptr; });
    commit.Change().statistics = std::move(fresh);
    return {};
  });
}

}  // namespace tupu
