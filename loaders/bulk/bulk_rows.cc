#include "loaders/bulk/bulk_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "loaders/load_context.h"
#include "storage/bulk/external_id_map.h"
#include "storage/csv/csv_reader.h"
#include "storage/graph/graph_overlay.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {
constexpr std::string_view kChangedVertex = "a row changes a vertex of the database";
constexpr std::string_view kTwiceNamed = "two rows name one vertex of the database";
constexpr std::string_view kMayBeMerged = "a row that the ontology refuses may mean an edge that is there";
}  // namespace

// --- Names ---

void BulkNames::WaitForTurn() const {
  // A stopped order: what follows is thrown away.
  if (order_ != nullptr) order_->Wait(number_);
}

LabelId BulkNames::Label(std::string_view name) {
  if (const auto known = load_.base().catalog().labels().Find(name)) return *known;
  WaitForTurn();
  return load_.InternLabel(name);
}

EdgeTypeId BulkNames::Type(std::string_view name) {
  if (const auto known = load_.base().catalog().edge_types().Find(name)) return *known;
  WaitForTurn();
  return load_.InternEdgeType(name);
}

PropertyKeyId BulkNames::Key(std::string_view name) {
  return load_.InternPropertyKey(name);  // headers only, and those are read in turn
}

uint32_t BulkNames::Group(std::string_view name) {
  return ToInteger(load_.InternIdGroup(name));
}

RowPlace BulkLoadState::PlaceOf(VertexId vertex) const {
  const auto behind = std::upper_bound(files.begin(), files.end(), ToInteger(vertex),
                                       [](uint64_t id, const FileBegin& file) { return id < file.first_vertex; });
  const PlannedFile& file = *(behind - 1)->file;
  return {file.data_set, file.name, line_of[ToInteger(vertex) - load.vertices().first_vertex()]};
}

std::string BulkLoadState::TextOfPlace(EntityKind entity, uint64_t id) const {
  if (entity == EntityKind::kVertex) {
    const RowPlace place = PlaceOf(static_cast<VertexId>(id));
    return fmt::format("{}:{}", plan.names[place.file], place.line);
  }
  const auto behind = std::upper_bound(edge_chunks.begin(), edge_chunks.end(), id,
                                       [](uint64_t edge, const EdgeChunk& chunk) { return edge < chunk.first_edge; });
  const EdgeChunk& chunk = *(behind - 1);
  return fmt::format("{}, from line {} on", plan.names[chunk.file->name], chunk.first_line);
}

// --- Reading ---

BulkRows::BulkRows(BulkLoadState& state, BulkNames& names, NameCells& cells, const std::string& delimiter)
    : state_(state),
      names_(names),
      cells_(cells),
      delimiter_(delimiter),
      check_(state.load.ontology(), state.load.base().catalog()),
      known_edges_(state.load) {}

Status BulkRows::Read(const CsvShape& shape, const PlannedFile& file, const CsvChunk& chunk) {
  shape_ = &shape;
  file_ = &file;
  chunk_ = &chunk;
  bad_rows_.clear();
  why_not_.clear();
  const auto clear = [&] {
    vertices_.Clear();
    known_vertices_.Clear();
    lines_.clear();
    edges_.Clear();
  };
  clear();
  // The first chunk of a file is short, and its header is no row.
  if (chunk.is_first || !ReadFast()) {
    clear();
    TUPU_TRY(ReadSlowly());
  }
  return shape.header.is_edges ? known_edges_.Look(edges_, shape.edge_id) : Status();
}

bool BulkRows::ReadFast() {
  if (fast_file_ != file_) {
    fast_ = std::make_unique<FastCsvRows>(*shape_, delimiter_, state_.load, names_, cells_, check_, stored_ends_,
                                          state_.options.source, state_.options.array_delimiter);
    fast_file_ = file_;
  }
  if (!fast_->usable()) return false;
  return shape_->header.is_edges ? fast_->ReadEdges(chunk_->text, edges_)
                                 : fast_->ReadVertices(chunk_->text, vertices_, lines_, known_vertices_);
}

CsvReader BulkRows::ReaderOf(const CsvChunk& chunk) const {
  return CsvReader(TextSourceOver(chunk.text), state_.plan.names[file_->name],
                   {.delimiter = delimiter_, .first_line = chunk.first_line});
}

Status BulkRows::PassHeader(CsvReader& reader) const {
  if (!chunk_->is_first || !file_->header_path.empty()) return {};
  TUPU_TRY_ASSIGN(const bool any, reader.Next());
  return any ? Status() : reader.ErrorAt({1, 1}, "the header is missing");
}

Status BulkRows::ReadSlowly() {
  CsvReader reader = ReaderOf(*chunk_);
  TUPU_TRY(PassHeader(reader));
  CsvRowParser parser(*shape_, *file_, names_, cells_, state_.options.source, state_.options.array_delimiter);
  for (;;) {
    Result<bool> more = reader.Next();
    if (!more.has_value()) {
      BadRow bad;
      bad.line = more.error().where ? more.error().where->line : reader.line();
      bad.is_last = reader.over();
      bad.is_placed = true;
      bad.error = std::move(more).error();
      bad_rows_.push_back(std::move(bad));
      if (reader.over()) return {};
      // Where the row ends depends on all that was read before: see CsvChunks.
      if (reader.guessed_row_end()) why_not_ = "a quoted text is malformed";
      continue;
    }
    if (!*more) return {};
    Status row = shape_->header.is_edges ? ReadEdge(reader, parser) : ReadVertex(reader, parser);
    if (row.has_value()) continue;
    BadRow bad;
    bad.line = reader.line();
    bad.at = reader.PositionOf(parser.error_column());
    bad.error = std::move(row).error();
    if (!shape_->header.is_edges && bad.error.code == ErrorCode::kConstraint) bad.id = parser.id();
    bad_rows_.push_back(std::move(bad));
  }
}

Status BulkRows::ReadVertex(const CsvReader& reader, CsvRowParser& parser) {
  TUPU_TRY_ASSIGN(const VertexRow row, parser.ParseVertex(reader));
  BulkVertices& vertices = state_.load.vertices();
  std::string encoded;
  AppendRow(encoded, row.properties);
  const StoredExternalId id{static_cast<IdGroupId>(row.group), row.id};
  TUPU_TRY_ASSIGN(const std::optional<VertexId> stored, vertices.FindStored(id.group, id.id));
  if (stored) {
    TUPU_TRY_ASSIGN(const bool holds, known_vertices_.AddIfUnchanged(state_.load, *stored, id, row.labels, encoded));
    if (!holds) why_not_ = kChangedVertex;
    return {};
  }
  const uint32_t set = vertices.LabelSet(row.labels);
  TUPU_TRY(check_.CheckVertex(vertices.LabelsOf(set), encoded));
  TUPU_TRY_ASSIGN(const std::vector<std::string> names, IndexedNames(state_.load.base().catalog(), encoded));
  vertices_.Add(id, set, row.labels, encoded, names);
  lines_.push_back(static_cast<uint32_t>(reader.line() - chunk_->first_line));
  return {};
}

Status BulkRows::ReadEdge(const CsvReader& reader, CsvRowParser& parser) {
  TUPU_TRY_ASSIGN(EdgeRow row, parser.ParseEdge(reader, *this));
  if (check_.IsSymmetric(row.type) && row.end < row.start) std::swap(row.start, row.end);
  std::string encoded;
  AppendRow(encoded, row.properties);
  if (check_.IsDeclared(row.type)) {
    BulkVertices& vertices = state_.load.vertices();
    TUPU_TRY_ASSIGN(const std::vector<LabelId>* start, vertices.LabelsOfVertex(row.start));
    TUPU_TRY_ASSIGN(const std::vector<LabelId>* end, vertices.LabelsOfVertex(row.end));
    const Status kept = check_.CheckEdge(row.type, start, end, encoded);
    // Merged with its edge, the row may keep the rules.
    if (!kept && (row.id_property || known_edges_.MayBeKnown(row.type, row.start))) why_not_ = kMayBeMerged;
    TUPU_TRY(kept);
  }
  edges_.Add(row.start, row.type, row.end, encoded);
  return {};
}

Result<VertexId> BulkRows::ResolveEnd(uint32_t group, std::string_view id, std::string_view end) {
  const auto vertex = state_.load.vertices().ids().Find(ExternalIdMap::Hash(group, id), group, id);
  if (vertex) return *vertex;
  TUPU_TRY_ASSIGN(const std::optional<VertexId> stored,
                  state_.load.vertices().FindStored(static_cast<IdGroupId>(group), id));
  if (stored) return *stored;
  return NoSuchEnd(state_.plan, state_.load.base().id_groups().GetName(static_cast<IdGroupId>(group)), id, end);
}

// --- The turn ---

Status BulkRows::TakeTurn(LoadPhase phase) {
  if (!why_not_.empty()) state_.GiveUp(why_not_);
  if (!state_.why_not.empty()) return {};
  if (phase == LoadPhase::kVertices) {
    TUPU_TRY(AdmitVertices());
    AdmitKnownVertices();
  } else {
    std::string why_not = known_edges_.Settle(edges_, state_.meant);
    if (!why_not.empty()) {
      state_.GiveUp(std::move(why_not));
      return {};
    }
    first_edge_ = state_.load.AdmitEdges(edges_);
    state_.edge_chunks.push_back({ToInteger(first_edge_), chunk_->first_line, file_});
    state_.edges += edges_.size();
  }
  if (!state_.why_not.empty()) return {};
  TUPU_TRY(ReportBadRows());
  state_.bytes_done += chunk_->bytes;
  if (state_.options.progress) state_.options.progress(state_.bytes_done, state_.bytes_total, phase);
  return state_.options.cancellation.Check();
}

Status BulkRows::AdmitVertices() {
  TUPU_TRY(state_.load.vertices().Admit(vertices_));
  bool any_taken = false;
  for (size_t i = 0; i < vertices_.size(); ++i) {
    const VertexBatch::Row& row = vertices_.rows()[i];
    any_taken = any_taken || row.rejected;
    if (!row.rejected) state_.line_of.push_back(static_cast<uint32_t>(chunk_->first_line + lines_[i]));
  }
  for (BadRow& bad : bad_rows_) {
    if (bad.id.empty()) continue;
    const auto owner =
        state_.load.vertices().ids().Find(ExternalIdMap::Hash(shape_->id_group, bad.id), shape_->id_group, bad.id);
    const bool later = owner && state_.PlaceOf(*owner).file == file_->name && state_.PlaceOf(*owner).line > bad.line;
    if (!owner || later) continue;
    if (IsOfAnotherDataSet(*owner)) return {};
    any_taken = true;
    bad.error = TakenId(bad.id, *owner);
  }
  return any_taken ? AddTakenIds() : Status();
}

void BulkRows::AdmitKnownVertices() {
  if (known_vertices_.rows().empty()) return;
  state_.known_vertices.resize(state_.load.vertices().first_vertex());
  size_t begin = 0;
  for (const KnownVertexRows::Row& row : known_vertices_.rows()) {
    const std::string_view id = known_vertices_.ids().substr(begin, row.id_size);
    begin += row.id_size;
    // The second row is one too many, or of another data set: a transaction tells them apart.
    if (state_.known_vertices[ToInteger(row.vertex)]) return state_.GiveUp(std::string(kTwiceNamed));
    state_.known_vertices[ToInteger(row.vertex)] = true;
    state_.load.vertices().RememberStored(static_cast<IdGroupId>(shape_->id_group), id, row.vertex);
    ++state_.vertices_unchanged;
  }
}

bool BulkRows::IsOfAnotherDataSet(VertexId owner) const {
  if (state_.PlaceOf(owner).data_set == file_->data_set) return false;
  state_.GiveUp("two data sets have a vertex id in common");
  return true;
}

Error BulkRows::TakenId(std::string_view id, VertexId owner) const {
  return IdGivenTwice(id, state_.load.base().id_groups().GetName(static_cast<IdGroupId>(shape_->id_group)),
                      state_.PlaceOf(owner), state_.plan.names);
}

/// The rows whose id another one has become bad rows. Their places were not kept: the chunk is read once more.
Status BulkRows::AddTakenIds() {
  CsvReader reader = ReaderOf(*chunk_);
  TUPU_TRY(PassHeader(reader));
  const size_t id_column = shape_->IndexOf(ColumnRole::kId);
  std::map<uint64_t, CsvPosition> place_of;  // by line
  for (;;) {
    const Result<bool> more = reader.Next();
    if (!more.has_value() && reader.over()) break;
    if (!more.has_value()) continue;
    if (!*more) break;
    if (id_column < reader.fields().size()) place_of[reader.line()] = reader.PositionOf(id_column);
  }
  for (BadRow& bad : bad_rows_) {
    if (!bad.id.empty() && bad.error.code == ErrorCode::kInvalidArgument) bad.at = place_of[bad.line];
  }
  for (size_t i = 0; i < vertices_.size(); ++i) {
    const VertexBatch::Row& row = vertices_.rows()[i];
    if (!row.rejected) continue;
    if (IsOfAnotherDataSet(row.vertex)) return {};
    BadRow bad;
    bad.line = chunk_->first_line + lines_[i];
    bad.at = place_of[bad.line];
    bad.error = TakenId(vertices_.IdOf(i), row.vertex);
    bad_rows_.push_back(std::move(bad));
  }
  std::stable_sort(bad_rows_.begin(), bad_rows_.end(),
                   [](const BadRow& a, const BadRow& b) { return a.line < b.line; });
  return {};
}

Status BulkRows::ReportBadRows() {
  const std::string& name = state_.plan.names[file_->name];
  for (const BadRow& bad : bad_rows_) {
    if (bad.is_last) return bad.error;
    TUPU_TRY(bad.is_placed ? state_.report.AddPlaced(name, bad.error) : state_.report.Add(name, bad.at, bad.error));
  }
  return {};
}

}  // namespace tupu
