#include "loaders/bulk/fast_csv_rows.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "storage/base/utf8.h"
#include "storage/keys/bytes.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

/// So many look-ups of ids are under way at once.
constexpr size_t kWaiting = 64;
/// Stored ids that are kept for later rows: up to 40 MiB a thread.
constexpr size_t kMostStoredEnds = 1 << 20;

bool IsAscii(std::string_view text) {
  uint64_t bits = 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    bits |= word;
  }
  for (; i < text.size(); ++i) bits |= static_cast<uint8_t>(text[i]);
  return (bits & 0x8080808080808080ull) == 0;
}

constexpr double kPowersOfTen[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/// Plain decimals of at most 15 digits: digits and power of ten are exact as doubles, so their quotient is the nearest
/// double. Source: Clinger (1990), "How to read floating point numbers accurately".
bool ParseShortDecimal(std::string_view text, double& number) {
  if (text.size() > 16) return false;
  uint64_t digits = 0;
  size_t behind_point = 0;
  bool point = false;
  size_t count = 0;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return false;
    digits = digits * 10 + static_cast<uint64_t>(c - '0');
    ++count;
    behind_point += point ? 1 : 0;
  }
  // "1." and ".5" are left to the one that knows whether they are numbers.
  if (count > 15 || count == behind_point || (point && behind_point == 0)) return false;
  number = static_cast<double>(digits) / kPowersOfTen[behind_point];
  return true;
}

}  // namespace

FastCsvRows::FastCsvRows(const CsvShape& shape, const std::string& delimiter, GraphBulkLoad& load, LoadNames& names,
                         NameCells& cells, OntologyRowCheck& check, ExternalIdMap& stored_ends, std::string_view source,
                         char array_delimiter)
    : shape_(shape),
      load_(load),
      cells_(cells),
      check_(check),
      stored_ends_(stored_ends),
      delimiter_(delimiter[0]),
      array_delimiter_(array_delimiter) {
  usable_ = delimiter.size() == 1;
  for (const char c : {delimiter_, '\n', '\r', '\0'}) stops_[static_cast<uint8_t>(c)] = true;
  const auto& columns = shape.header.columns;
  size_t ids = 0;
  size_t ends = 0;
  size_t names_of_kind = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    const CsvColumn& column = columns[i];
    switch (column.role) {
      case ColumnRole::kId:
      case ColumnRole::kStartId:
        id_ = i;
        ++ids;
        break;
      case ColumnRole::kEndId:
        end_id_ = i;
        ++ends;
        break;
      case ColumnRole::kLabel:
      case ColumnRole::kType:
        label_or_type_ = i;
        ++names_of_kind;
        break;
      default: break;
    }
    const bool keeps = column.role == ColumnRole::kProperty || (column.role == ColumnRole::kId && !column.name.empty());
    if (!keeps) continue;
    properties_.push_back({shape.keys[i], i});
    if (column.name == "name") name_key_ = shape.keys[i];
    if (column.name == "aliases") aliases_key_ = shape.keys[i];
  }
  usable_ = usable_ && ids == 1 && ends == (shape.header.is_edges ? 1 : 0) && names_of_kind <= 1;
  if (!source.empty()) {
    AppendValue(source_value_, Value(List{Value(source)}));
    properties_.push_back({names.Key("sources"), kSource});
  }
  // A column of the same key comes first: the load's source fills in for it.
  std::stable_sort(properties_.begin(), properties_.end(),
                   [](const Property& a, const Property& b) { return a.key < b.key; });
  if (usable_ && shape.header.is_edges) PlanPlainColumns();
}

// --- Cells ---

bool FastCsvRows::ReadCell(const char*& at, const char* end, Cell& cell) const {
  if (at < end && *at == '"') {
    const char* const begin = at + 1;
    const auto* close = static_cast<const char*>(std::memchr(begin, '"', static_cast<size_t>(end - begin)));
    if (close == nullptr) return false;
    at = close + 1;
    cell = {{begin, static_cast<size_t>(close - begin)}, true};
    // A doubled quote, or text behind the closing one.
    return at == end || *at == delimiter_ || *at == '\n';
  }
  const char* const begin = at;
  const char* stop = at;
  // The text ends in a NUL, where the loop stops without looking for the end.
  while (!stops_[static_cast<uint8_t>(*stop)]) ++stop;
  at = stop;
  if (at < end && *at != delimiter_ && *at != '\n') return false;  // a CR, or a NUL within the text
  cell = {{begin, static_cast<size_t>(at - begin)}, false};
  return true;
}

/// The cells of the row at `at`, which goes behind its line end.
bool FastCsvRows::ReadRow(const char*& at, const char* end) {
  const size_t width = shape_.header.columns.size();
  for (size_t i = 0; i < width; ++i) {
    if (!ReadCell(at, end, row_cells_[i])) return false;
    if (i + 1 == width) break;
    if (at == end || *at != delimiter_) return false;
    ++at;
  }
  if (at == end) return true;
  if (*at != '\n') return false;
  ++at;
  return width > 1 || !row_cells_[0].text.empty() || row_cells_[0].quoted;  // a blank line is no row
}

/// Whether the text is its own canonical form.
bool FastCsvRows::IsPlainId(std::string_view text, const CsvColumnType& type) {
  if (text.empty()) return false;
  if (type.scalar == ScalarType::kString) return text.find('\x1F') == std::string_view::npos;
  if (type.scalar != ScalarType::kInteger) return false;
  if (text.size() > 18 || (text[0] == '0' && text.size() > 1)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool FastCsvRows::AppendNumber(std::string_view text, const CsvColumnType& type) {
  const bool plain = !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '-');
  if (!plain) return false;
  if (type.scalar == ScalarType::kInteger) {
    int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size()) return false;
    values_.push_back(kValueInteger);
    AppendSigned(values_, number);
    return true;
  }
  double number = 0;
  if (!ParseShortDecimal(text, number)) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(number)) return false;
  }
  values_.push_back(kValueFloat);
  AppendFixed(values_, std::bit_cast<uint64_t>(number), 8);
  return true;
}

/// Appends the encoded value to values_. False: it is not of the type, or is written in a rare way.
bool FastCsvRows::EncodeCell(const Cell& cell, const CsvColumnType& type) {
  if (!type.is_list && type.scalar == ScalarType::kString) {
    values_.push_back(kValueString);
    values_.append(cell.text);
    return true;
  }
  if (!type.is_list && (type.scalar == ScalarType::kInteger || type.scalar == ScalarType::kFloat)) {
    return AppendNumber(cell.text, type);
  }
  const Result<Value> value = ParseColumnValue(cell.text, type, array_delimiter_);
  if (!value.has_value()) return false;
  AppendValue(values_, *value);
  return true;
}

/// Appends the properties of the cells to `row`.
bool FastCsvRows::EncodeRow(std::string& row) {
  values_.clear();
  entries_.clear();
  for (const Property& property : properties_) {
    const size_t begin = values_.size();
    if (property.column == kSource) {
      if (!entries_.empty() && entries_.back().key == property.key) continue;  // the row names its own
      values_.append(source_value_);
    } else {
      const Cell& cell = row_cells_[property.column];
      const CsvColumnType& type = shape_.header.columns[property.column].type;
      const bool text = type.scalar == ScalarType::kString && !type.is_list;
      if (cell.text.empty() && !(cell.quoted && text)) continue;
      if (!EncodeCell(cell, type)) return false;
    }
    // Only the size is known to last: values_ may move.
    entries_.push_back({property.key, {nullptr, values_.size() - begin}});
  }
  size_t begin = 0;
  for (RowEntry& entry : entries_) {
    entry.value = std::string_view(values_).substr(begin, entry.value.size());
    begin += entry.value.size();
  }
  AppendRow(row, entries_);
  return true;
}

// --- Vertices ---

/// Replaces row_names_ by those of the row whose entries are in entries_, as IndexedNames gives them.
bool FastCsvRows::NameRow() {
  row_names_.clear();
  for (const RowEntry& entry : entries_) {
    if (entry.key != name_key_ && entry.key != aliases_key_) continue;
    if (entry.value[0] == kValueString) {
      row_names_.push_back(NormalizeName(entry.value.substr(1)));
    } else if (entry.value[0] == kValueList) {
      const Result<Value> list = DecodeValue(entry.value);
      if (!list.has_value()) return false;
      for (const Value& item : list->AsList()) {
        if (item.type() == ValueType::kString) row_names_.push_back(NormalizeName(item.AsString()));
      }
    }
  }
  if (row_names_.size() > 1) {
    std::sort(row_names_.begin(), row_names_.end());
    row_names_.erase(std::unique(row_names_.begin(), row_names_.end()), row_names_.end());
  }
  if (!row_names_.empty() && row_names_.front().empty()) row_names_.erase(row_names_.begin());
  return true;
}

/// The new vertex of the row at hand.
bool FastCsvRows::AddVertex(const std::vector<LabelId>& labels, VertexBatch& batch) {
  if (&labels != last_labels_) {
    last_labels_ = &labels;
    last_label_set_ = load_.vertices().LabelSet(labels);
  }
  if (!check_.CheckVertex(load_.vertices().LabelsOf(last_label_set_), row_) || !NameRow()) return false;
  batch.Add({static_cast<IdGroupId>(shape_.id_group), row_cells_[id_].text}, last_label_set_, labels, row_, row_names_);
  return true;
}

bool FastCsvRows::ReadVertices(std::string_view text, VertexBatch& batch, std::vector<uint32_t>& lines,
                               KnownVertexRows& known) {
  if (!IsAscii(text) && !IsValidUtf8(text)) return false;
  row_cells_.resize(shape_.header.columns.size());
  const char* at = text.data();
  const char* const end = at + text.size();
  for (uint32_t line = 0; at < end; ++line) {
    const char* const row_begin = at;
    row_.clear();
    if (!ReadRow(at, end) || !EncodeRow(row_)) return false;
    const std::string_view id = row_cells_[id_].text;
    if (!IsPlainId(id, shape_.header.columns[id_].type)) return false;
    const std::vector<LabelId>* labels = &shape_.extra_labels;
    if (label_or_type_ != SIZE_MAX) {
      labels = &cells_.Labels(row_cells_[label_or_type_].text);
      if (!shape_.extra_labels.empty()) return false;
    }
    const StoredExternalId stored_id{static_cast<IdGroupId>(shape_.id_group), id};
    const auto stored = load_.vertices().FindStored(stored_id.group, id);
    if (!stored.has_value()) return false;
    if (stored->has_value()) {
      const auto unchanged = known.AddIfUnchanged(load_, **stored, stored_id, *labels, row_);
      if (!unchanged.has_value() || !*unchanged) return false;
    } else {
      if (!AddVertex(*labels, batch)) return false;
      lines.push_back(line);
    }
    // A quoted cell may hold line ends.
    if (at > row_begin) {
      const std::string_view row_text(row_begin, static_cast<size_t>(at - row_begin));
      const auto inner = std::count(row_text.begin(), row_text.end(), '\n') - (row_text.back() == '\n' ? 1 : 0);
      if (inner > 0 || row_text.find('\r') != std::string_view::npos) return false;
    }
  }
  return true;
}

// --- Edges ---

/// A property row in the making: sizes of the values first, the values behind room for the head of the row.
struct FastCsvRows::PlainRow {
  static constexpr size_t kMostValues = 16;
  static constexpr size_t kMostHead = 1 + kMostValues * (5 + 2);
  static constexpr size_t kMostBytes = 2048;  // of the values

  bool HasRoom(size_t size) const { return count < kMostValues && static_cast<size_t>(end() - at) >= size; }
  const char* end() const { return bytes + sizeof bytes; }
  /// A value was written from `at` on, up to `value_end`.
  void AddValue(PropertyKeyId key, char* value_end) {
    keys[count] = key;
    sizes[count++] = static_cast<uint32_t>(value_end - at);
    at = value_end;
  }
  /// As tupu::AppendRow writes it. Gives its size.
  size_t AppendTo(std::string& rows) {
    if (count == 0) return 0;
    char head[kMostHead];
    char* head_end = PutVarint(head, count);
    for (size_t i = 0; i < count; ++i) head_end = PutVarint(PutVarint(head_end, ToInteger(keys[i])), sizes[i]);
    const auto head_size = static_cast<size_t>(head_end - head);
    char* const begin = bytes + kMostHead - head_size;
    std::memcpy(begin, head, head_size);
    const auto size = static_cast<size_t>(at - begin);
    rows.append(begin, size);
    return size;
  }

  size_t count = 0;
  PropertyKeyId keys[kMostValues];
  uint32_t sizes[kMostValues];
  char bytes[kMostHead + kMostBytes];
  char* at = bytes + kMostHead;
};

namespace {

bool IsDigit(char c) {
  return static_cast<unsigned char>(c - '0') < 10;
}

// Readers of one cell give where it ends, or null. Pointers go by value: what is written through a char pointer could change
// one that is held by reference, and would have it read again.

/// Digits at `at`, at most 18, are added to `number`.
const char* ReadDigits(const char* at, uint64_t& number) {
  const char* const begin = at;
  uint64_t read = number;
  for (; IsDigit(*at) && at - begin < 18; ++at) read = read * 10 + static_cast<uint64_t>(*at - '0');
  number = read;
  return at;
}

/// "12", "-7", at most 18 digits.
const char* ReadInteger(const char* at, int64_t& number) {
  const bool negative = *at == '-';
  if (negative) ++at;
  uint64_t digits = 0;
  const char* const end = ReadDigits(at, digits);
  number = negative ? -static_cast<int64_t>(digits) : static_cast<int64_t>(digits);
  return end > at ? end : nullptr;
}

/// "12", "-0.5", at most 15 digits: as ParseShortDecimal.
const char* ReadShortDecimal(const char* at, double& number) {
  const bool negative = *at == '-';
  if (negative) ++at;
  uint64_t digits = 0;
  const char* end = ReadDigits(at, digits);
  auto count = end - at;
  if (count == 0) return nullptr;
  ptrdiff_t behind = 0;
  if (*end == '.') {
    const char* const point = end;
    end = ReadDigits(point + 1, digits);
    behind = end - point - 1;
    if (behind == 0) return nullptr;
    count += behind;
  }
  if (count > 15) return nullptr;
  number = static_cast<double>(digits) / kPowersOfTen[behind];
  if (negative) number = -number;
  return end;
}

}  // namespace

/// An edge file has the commonest form if its properties are numbers and texts whose keys ascend.
void FastCsvRows::PlanPlainColumns() {
  const auto& columns = shape_.header.columns;
  std::vector<PlainColumn> plan(columns.size(), PlainColumn::kIgnored);
  plan[id_] = PlainColumn::kStart;
  plan[end_id_] = PlainColumn::kEnd;
  const auto is_known = [](const CsvColumnType& type) {
    return !type.is_list && (type.scalar == ScalarType::kString || type.scalar == ScalarType::kInteger);
  };
  if (label_or_type_ == SIZE_MAX || !is_known(columns[id_].type) || !is_known(columns[end_id_].type)) return;
  plan[label_or_type_] = PlainColumn::kType;
  size_t last_column = 0;
  for (const Property& property : properties_) {  // by key
    if (property.column == kSource || property.column < last_column || plan[property.column] != PlainColumn::kIgnored)
      return;
    last_column = property.column;
    const CsvColumnType& type = columns[property.column].type;
    if (type.is_list) return;
    switch (type.scalar) {
      case ScalarType::kInteger: plan[property.column] = PlainColumn::kInteger; break;
      case ScalarType::kFloat: plan[property.column] = PlainColumn::kFloat; break;
      case ScalarType::kString: plan[property.column] = PlainColumn::kText; break;
      default: return;
    }
  }
  plain_columns_ = std::move(plan);
}

const char* FastCsvRows::EndOfCell(const char* at) const {
  while (!stops_[static_cast<uint8_t>(*at)]) ++at;
  return at;
}

const char* FastCsvRows::ReadPlainEnd(const char* at, const CsvColumnType& type, WaitingEnd& waiting) const {
  uint64_t number = 0;
  const char* end = ReadDigits(at, number);
  const bool is_number = end > at && stops_[static_cast<uint8_t>(*end)] && (end == at + 1 || *at != '0');
  if (!is_number) end = EndOfCell(end);
  waiting.id = {at, static_cast<size_t>(end - at)};
  waiting.number = is_number ? number : ExternalIdMap::kNoNumber;
  return is_number || IsPlainId(waiting.id, type) ? end : nullptr;
}

/// A property of the column, if the cell has one.
const char* FastCsvRows::ReadPlainProperty(const char* at, size_t column, PlainRow& row) const {
  if (stops_[static_cast<uint8_t>(*at)]) return at;
  if (!row.HasRoom(1 + kMaxVarintBytes)) return nullptr;
  char* out = row.at;
  const char* end = nullptr;
  if (plain_columns_[column] == PlainColumn::kInteger) {
    int64_t number = 0;
    end = ReadInteger(at, number);
    *out++ = kValueInteger;
    out = PutVarint(out, ZigZag(number));
  } else if (plain_columns_[column] == PlainColumn::kFloat) {
    double number = 0;
    end = ReadShortDecimal(at, number);
    *out++ = kValueFloat;
    const uint64_t bits = LittleEndian(std::bit_cast<uint64_t>(number));
    std::memcpy(out, &bits, sizeof bits);
    out += sizeof bits;
  } else {
    end = EndOfCell(at);
    const auto size = static_cast<size_t>(end - at);
    if (!row.HasRoom(1 + size)) return nullptr;
    *out++ = kValueString;
    std::memcpy(out, at, size);
    out += size;
  }
  if (end == nullptr || !stops_[static_cast<uint8_t>(*end)]) return nullptr;
  row.AddValue(shape_.keys[column], out);
  return end;
}

/// Reads a row in one go. False: it is not of the commonest form, and nothing has changed.
bool FastCsvRows::ReadPlainEdge(const char*& at, const char* end, WaitingEdge& edge, std::string& rows) const {
  PlainRow row;
  const char* next = at;
  for (size_t column = 0; column < plain_columns_.size(); ++column) {
    if (column > 0 && *next++ != delimiter_) return false;
    if (*next == '"') return false;
    switch (plain_columns_[column]) {
      case PlainColumn::kStart: next = ReadPlainEnd(next, shape_.header.columns[column].type, edge.start); break;
      case PlainColumn::kEnd: next = ReadPlainEnd(next, shape_.header.columns[column].type, edge.end); break;
      case PlainColumn::kType: {
        const char* const begin = next;
        const size_t likely = last_type_name_.size();  // mostly that of the row before
        if (static_cast<size_t>(end - next) > likely && std::memcmp(next, last_type_name_.data(), likely) == 0)
          next += likely;
        next = EndOfCell(next);
        edge.type_name = {begin, static_cast<size_t>(next - begin)};
        break;
      }
      case PlainColumn::kIgnored: next = EndOfCell(next); break;
      default: next = ReadPlainProperty(next, column, row);
    }
    if (next == nullptr) return false;
  }
  // The text ends in a NUL. A blank line is no row.
  if (next != end && *next++ != '\n') return false;
  if (edge.type_name.empty()) return false;
  edge.row_size = row.AppendTo(rows);
  at = next;
  return true;
}

bool FastCsvRows::ReadAnyEdge(const char*& at, const char* end, WaitingEdge& edge, std::string& rows) {
  const size_t before = rows.size();
  if (!ReadRow(at, end) || !EncodeRow(rows)) return false;
  edge.row_size = rows.size() - before;
  const auto take_end = [&](size_t column, WaitingEnd& waiting) {
    waiting.id = row_cells_[column].text;
    waiting.number = ExternalIdMap::NumberOf(waiting.id);
    return IsPlainId(waiting.id, shape_.header.columns[column].type);
  };
  edge.type_name = row_cells_[label_or_type_].text;
  return take_end(id_, edge.start) && take_end(end_id_, edge.end) && !edge.type_name.empty();
}

bool FastCsvRows::ReadEdges(std::string_view text, EdgeBatch& batch) {
  if (!IsAscii(text) && !IsValidUtf8(text)) return false;
  row_cells_.resize(shape_.header.columns.size());
  waiting_.clear();
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    WaitingEdge& edge = waiting_.emplace_back();
    const bool plain = !plain_columns_.empty() && ReadPlainEdge(at, end, edge, batch.rows());
    if (!plain && !ReadAnyEdge(at, end, edge, batch.rows())) return false;
    edge.type = TypeOf(edge.type_name);
    Prefetch(shape_.start_group, edge.start);
    Prefetch(shape_.end_group, edge.end);
    if (waiting_.size() == kWaiting && !AddWaiting(batch)) return false;
  }
  return AddWaiting(batch);
}

EdgeTypeId FastCsvRows::TypeOf(std::string_view name) {
  if (name != last_type_name_) {
    last_type_ = cells_.Type(name);
    last_type_name_ = name;
  }
  return last_type_;
}

void FastCsvRows::Prefetch(uint32_t group, WaitingEnd& end) const {
  const ExternalIdMap& ids = load_.vertices().ids();
  if (end.number != ExternalIdMap::kNoNumber) return ids.PrefetchNumber(group, end.number);
  end.hash = ExternalIdMap::Hash(group, end.id);
  ids.Prefetch(end.hash);
}

std::optional<VertexId> FastCsvRows::Resolve(uint32_t group, const WaitingEnd& end) {
  const ExternalIdMap& ids = load_.vertices().ids();
  const bool is_number = end.number != ExternalIdMap::kNoNumber;
  if (is_number) {
    if (const auto known = ids.FindNumber(group, end.number)) return known;
  }
  const uint64_t hash = is_number ? ExternalIdMap::Hash(group, end.id) : end.hash;
  if (const auto known = ids.Find(hash, group, end.id)) return known;
  return load_.base().counts().vertices == 0 ? std::nullopt : ResolveStored(group, end.id, hash);
}

/// A read of the store costs as much as the rest of a row: ends that were read are kept.
std::optional<VertexId> FastCsvRows::ResolveStored(uint32_t group, std::string_view id, uint64_t hash) {
  const BulkVertices& vertices = load_.vertices();
  if (const auto known = vertices.stored_ids().Find(hash, group, id)) return known;
  if (const auto known = stored_ends_.Find(hash, group, id)) return known;
  const auto stored = vertices.FindStored(static_cast<IdGroupId>(group), id);
  if (!stored.has_value() || !stored->has_value()) return std::nullopt;
  if (stored_ends_.size() == kMostStoredEnds) stored_ends_ = ExternalIdMap();
  VertexId vertex = **stored;
  stored_ends_.Insert(hash, group, id, vertex);
  return vertex;
}

bool FastCsvRows::CheckWaiting(EdgeTypeId type, VertexId start, VertexId end, std::string_view row) {
  if (!check_.IsDeclared(type)) return true;
  const auto start_labels = load_.vertices().LabelsOfVertex(start);
  const auto end_labels = load_.vertices().LabelsOfVertex(end);
  return start_labels && end_labels && check_.CheckEdge(type, *start_labels, *end_labels, row);
}

/// The rows of the waiting edges are the last ones of the batch.
bool FastCsvRows::AddWaiting(EdgeBatch& batch) {
  size_t row_begin = batch.rows().size();
  for (const WaitingEdge& edge : waiting_) row_begin -= edge.row_size;
  for (const WaitingEdge& edge : waiting_) {
    const std::optional<VertexId> start = Resolve(shape_.start_group, edge.start);
    const std::optional<VertexId> end = Resolve(shape_.end_group, edge.end);
    if (!start || !end) return false;
    const std::string_view row = std::string_view(batch.rows()).substr(row_begin, edge.row_size);
    row_begin += edge.row_size;
    VertexId from = *start;
    VertexId to = *end;
    if (check_.IsSymmetric(edge.type) && to < from) std::swap(from, to);
    if (!CheckWaiting(edge.type, from, to, row)) return false;
    batch.AddWithRow(from, edge.type, to, edge.row_size);
  }
  waiting_.clear();
  return true;
}

}  // namespace tupu
