#include "storage/keys/adjacency_block.h"

#include <algorithm>

#include "storage/base/check.h"
#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

using namespace adjacency_block;
constexpr uint64_t kRowsTag = static_cast<uint64_t>(ColumnKind::kRows);
constexpr std::string_view kWhat = "adjacency block";

uint64_t TagOf(PropertyKeyId key, ColumnKind kind) {
  return uint64_t{ToInteger(key)} << 3 | static_cast<uint64_t>(kind);
}
ColumnKind KindOf(uint64_t tag) {
  return static_cast<ColumnKind>(tag & 7);
}
PropertyKeyId KeyOf(uint64_t tag) {
  return static_cast<PropertyKeyId>(tag >> 3);
}

void SortByKey(Properties& properties) {
  std::sort(properties.begin(), properties.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

void AppendHead(std::string& out, uint8_t flags, uint64_t degree, uint64_t self_loops) {
  if (self_loops > 0) flags |= kSelfLoopsFlag;
  out.push_back(static_cast<char>(kVersion | flags));
  AppendVarint(out, degree);
  if (self_loops > 0) AppendVarint(out, self_loops);
}

Result<AdjacencyHead> ReadHead(ByteReader& reader, uint8_t& flags) {
  const uint8_t first = reader.U8();
  if ((first & 0x0f) != kVersion) return CorruptionOf(kWhat, "unknown version");
  flags = first & 0xf0;
  AdjacencyHead head;
  head.split = (flags & kSplitFlag) != 0;
  head.fence_block = (flags & kFenceBlockFlag) != 0;
  head.degree = reader.Varint();
  if ((flags & kSelfLoopsFlag) != 0) head.self_loops = reader.Varint();
  if (!reader.ok() || head.degree == 0 || head.self_loops > head.degree || (head.split && head.fence_block) ||
      (head.split && (flags & kColumnsFlag) != 0)) {
    return CorruptionOf(kWhat, "malformed head");
  }
  return head;
}

/// What the columns hold of edge i, in among the entries of `row`; `values` keeps the bytes that are new.
Status AppendColumnsTo(std::vector<RowEntry>& row, std::span<const std::pair<PropertyKeyId, ColumnReader>> columns,
                       size_t i, std::string& values) {
  constexpr size_t kMostBytes = 16;  // of an encoded value: a period has 11, an integer 11
  values.clear();
  values.reserve(columns.size() * kMostBytes);  // so that views of them stay
  const size_t from_rows = row.size();
  for (const auto& [key, column] : columns) {
    const size_t before = values.size();
    TUPU_TRY(column.AppendEncodedAt(i, values));
    if (values.size() > before) row.push_back({key, std::string_view(values).substr(before)});
  }
  const auto by_key = [](const RowEntry& a, const RowEntry& b) { return a.key < b.key; };
  if (from_rows > 0) std::sort(row.begin(), row.end(), by_key);
  const auto not_ascending = [](const RowEntry& a, const RowEntry& b) { return a.key >= b.key; };
  if (std::adjacent_find(row.begin(), row.end(), not_ascending) == row.end()) return {};
  return CorruptionOf(kWhat, "an edge has a property twice");
}

/// A row of a block, of which nothing is taken over unless it can be decoded.
Status ParseCheckedRow(std::string_view bytes, std::vector<RowEntry>& row) {
  TUPU_TRY(ParseRow(bytes, row));
  for (const RowEntry& entry : row) {
    if (const Result<Value> value = DecodeValue(entry.value); !value) return value.error();
  }
  return {};
}

}  // namespace

Result<AdjacencyHead> DecodeAdjacencyHead(std::string_view bytes) {
  ByteReader reader(bytes);
  uint8_t flags = 0;
  return ReadHead(reader, flags);
}

std::string EncodeSplitHead(uint64_t degree, uint64_t self_loops) {
  std::string out;
  AppendHead(out, kSplitFlag, degree, self_loops);
  return out;
}

void AdjacencyBlockEncoder::Encode(std::span<const AdjacencyEntry> entries, BlockKind kind, uint64_t self_loops,
                                   std::string& out) {
  TUPU_CHECK(!entries.empty());
  if (targets_.size() < entries.size() * kMaxVarintBytes) {
    targets_.resize(entries.size() * kMaxVarintBytes);
    edge_ids_.resize(entries.size() * kMaxVarintBytes);
  }
  char* targets_end = targets_.data();
  char* edge_ids_end = PutVarint(edge_ids_.data(), entries[0].edge);
  uint64_t last_target = 0;
  bool any_row = false;
  for (size_t i = 0; i < entries.size(); ++i) {
    targets_end = PutVarint(targets_end, entries[i].target - last_target);
    last_target = entries[i].target;
    if (i > 0)
      edge_ids_end = PutVarint(edge_ids_end, ZigZag(static_cast<int64_t>(entries[i].edge - entries[i - 1].edge)));
    any_row = any_row || !entries[i].row.empty();
  }
  const auto targets_size = static_cast<size_t>(targets_end - targets_.data());
  const auto edge_ids_size = static_cast<size_t>(edge_ids_end - edge_ids_.data());
  sections_.clear();
  section_bytes_.clear();
  if (any_row) BuildSections(entries);

  out.clear();
  const uint8_t flags = (kind == BlockKind::kFenceBlock ? kFenceBlockFlag : 0) | (sections_.empty() ? 0 : kColumnsFlag);
  AppendHead(out, flags, entries.size(), self_loops);
  AppendVarint(out, targets_size);
  if (!sections_.empty()) {
    AppendVarint(out, edge_ids_size);
    AppendVarint(out, sections_.size());
    size_t begin = 0;
    for (const Section& section : sections_) {
      AppendVarint(out, section.tag);
      AppendVarint(out, section.end - begin);
      begin = section.end;
    }
  }
  out.append(targets_, 0, targets_size).append(edge_ids_, 0, edge_ids_size).append(section_bytes_);
}

/// The properties of all edges turned into columns where every value of a key has one kind.
void AdjacencyBlockEncoder::BuildSections(std::span<const AdjacencyEntry> entries) {
  GatherColumns(entries);
  BuildRows(entries);
  if (!section_bytes_.empty()) sections_.push_back({kRowsTag, section_bytes_.size()});
  for (size_t c = 0; c < columns_.size(); ++c) {
    const auto& [key, kind] = columns_[c];
    if (!kind) continue;
    AppendColumn(section_bytes_, *kind, std::span(values_).subspan(c * entries.size(), entries.size()), scratch_);
    sections_.push_back({TagOf(key, *kind), section_bytes_.size()});
  }
}

void AdjacencyBlockEncoder::GatherColumns(std::span<const AdjacencyEntry> entries) {
  columns_.clear();
  values_.clear();
  if (GatherUniform(entries)) return;
  columns_.clear();
  values_.clear();
  for (size_t i = 0; i < entries.size(); ++i) {
    // The rows come from this process or from a block that was checked when it was read.
    TUPU_CHECK(ParseRow(entries[i].row, row_).has_value());
    size_t hint = 0;
    for (const RowEntry& entry : row_) {
      const size_t before = columns_.size();
      const size_t column = ColumnOf(entry.key, entry.value, hint);
      if (columns_.size() > before) {
        // Columns are ordered by key: the values of those behind the new one move.
        values_.insert(values_.begin() + static_cast<ptrdiff_t>(column * entries.size()), entries.size(),
                       std::string_view());
      }
      values_[column * entries.size() + i] = entry.value;
      hint = column + 1;
    }
  }
}

/// The common case: every row has the form of the first one, so keys and places of values are read once. Strings are
/// left to the general way, as each may or may not be a period.
bool AdjacencyBlockEncoder::GatherUniform(std::span<const AdjacencyEntry> entries) {
  if (!HasForm(entries[0].row) && !LearnForm(entries[0].row)) return false;
  for (const FormValue& value : form_) columns_.push_back({value.key, value.kind});
  values_.resize(form_.size() * entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string_view row = entries[i].row;
    if (i > 0 && !HasForm(row)) return false;
    for (size_t c = 0; c < form_.size(); ++c) {
      values_[c * entries.size() + i] = {row.data() + form_[c].offset, form_[c].size};
    }
  }
  return true;
}

/// Reads the head of a row: its bytes, and the kinds and places of the values.
bool AdjacencyBlockEncoder::LearnForm(std::string_view row) {
  form_.clear();
  TUPU_CHECK(ParseRow(row, row_).has_value());
  for (const RowEntry& entry : row_) {
    const std::optional<ColumnKind> kind = ColumnKindOf(entry.value);
    if (entry.value[0] == kValueString || !kind) {
      form_.clear();
      return false;
    }
    const auto offset = static_cast<size_t>(entry.value.data() - row.data());
    form_.push_back({entry.key, *kind, entry.value[0], offset, entry.value.size()});
  }
  if (form_.empty()) return false;
  form_head_ = row.substr(0, form_[0].offset);
  form_size_ = row.size();
  return true;
}

bool AdjacencyBlockEncoder::HasForm(std::string_view row) const {
  if (form_.empty() || row.size() != form_size_ || !row.starts_with(form_head_)) return false;
  return std::all_of(form_.begin(), form_.end(),
                     [&](const FormValue& value) { return row[value.offset] == value.tag; });
}

/// The column of `key`, made if it is new. Keys of a row ascend, so that the next one is mostly at `hint`.
size_t AdjacencyBlockEncoder::ColumnOf(PropertyKeyId key, std::string_view value, size_t hint) {
  size_t at = hint;
  while (at < columns_.size() && columns_[at].key < key) ++at;
  const std::optional<ColumnKind> kind = ColumnKindOf(value);
  if (at == columns_.size() || columns_[at].key != key) {
    columns_.insert(columns_.begin() + static_cast<ptrdiff_t>(at), Column{key, kind});
  } else if (columns_[at].kind != kind) {
    columns_[at].kind = std::nullopt;
  }
  return at;
}

/// What no column holds; nothing when nothing is left.
void AdjacencyBlockEncoder::BuildRows(std::span<const AdjacencyEntry> entries) {
  const bool all_columns =
      std::all_of(columns_.begin(), columns_.end(), [](const Column& column) { return column.kind.has_value(); });
  if (all_columns) return;
  std::string rows;
  for (size_t i = 0; i < entries.size(); ++i) {
    row_.clear();
    for (size_t c = 0; c < columns_.size(); ++c) {
      const std::string_view value = values_[c * entries.size() + i];
      if (!columns_[c].kind && !value.empty()) row_.push_back({columns_[c].key, value});
    }
    const size_t before = rows.size();
    AppendRow(rows, row_);
    AppendVarint(section_bytes_, rows.size() - before);
  }
  section_bytes_.append(rows);
}

std::string EncodeAdjacencyBlock(std::span<const AdjacencyEntry> entries, BlockKind kind, uint64_t self_loops) {
  std::string out;
  AdjacencyBlockEncoder().Encode(entries, kind, self_loops, out);
  return out;
}

Result<AdjacencyBlock> AdjacencyBlock::Parse(std::string_view bytes) {
  AdjacencyBlock block;
  ByteReader reader(bytes);
  uint8_t flags = 0;
  TUPU_TRY_ASSIGN(block.head_, ReadHead(reader, flags));
  if (block.head_.split) {
    TUPU_TRY(reader.Finish(kWhat));
    return block;
  }
  TUPU_TRY(block.ParseSections(reader.Rest(), (flags & kColumnsFlag) != 0));
  return block;
}

Status AdjacencyBlock::ParseSections(std::string_view directory_and_sections, bool has_columns) {
  ByteReader reader(directory_and_sections);
  const uint64_t targets_size = reader.Varint();
  uint64_t edge_ids_size = 0;
  if (has_columns) {
    edge_ids_size = reader.Varint();
    const uint64_t count = reader.Varint();
    if (count == 0 || count > reader.remaining()) return CorruptionOf(kWhat, "malformed directory");
    columns_.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t tag = reader.Varint();
      const uint64_t kind = tag & 7;
      const uint64_t size = reader.Varint();
      if (kind == 0 || kind == 6 || (kind == 7 && tag != kRowsTag) || tag >> 3 > UINT32_MAX) reader.Fail();
      if (size > directory_and_sections.size()) reader.Fail();
      // The section's place is known only after the directory; until then the view keeps its size alone.
      columns_.push_back({tag, directory_and_sections.substr(0, reader.ok() ? size : 0)});
    }
  }
  targets_ = reader.Bytes(targets_size);
  edge_ids_ = has_columns ? reader.Bytes(edge_ids_size) : reader.Rest();
  for (Section& section : columns_) section.bytes = reader.Bytes(section.bytes.size());
  TUPU_TRY(reader.Finish(kWhat));
  // Each edge takes at least a byte in both: a wrong count cannot make a reader reserve more than the block is long.
  if (head_.degree > targets_.size() || head_.degree > edge_ids_.size()) return CorruptionOf(kWhat, "wrong count");
  return {};
}

Status AdjacencyBlock::DecodeTargets(std::vector<uint64_t>& out) const {
  out.resize(size());
  ByteReader reader(targets_);
  uint64_t target = 0;
  for (uint64_t& v : out) v = target += reader.Varint();
  return reader.Finish(kWhat);
}

Status AdjacencyBlock::DecodeEdgeIds(std::vector<uint64_t>& out) const {
  out.resize(size());
  if (out.empty()) return {};
  ByteReader reader(edge_ids_);
  uint64_t edge = out[0] = reader.Varint();
  for (size_t i = 1; i < out.size(); ++i) out[i] = edge += static_cast<uint64_t>(reader.Signed());
  return reader.Finish(kWhat);
}

Result<std::string_view> AdjacencyBlock::RowAt(std::string_view rows, size_t i) const {
  ByteReader reader(rows);
  uint64_t before = 0;
  uint64_t own = 0;
  uint64_t total = 0;
  for (size_t at = 0; at < size(); ++at) {
    const uint64_t row_size = reader.Varint();
    if (row_size > rows.size()) reader.Fail();
    if (at < i) before += row_size;
    if (at == i) own = row_size;
    total += row_size;
  }
  if (!reader.ok() || reader.remaining() != total) return CorruptionOf(kWhat, "rows do not add up");
  reader.Bytes(before);
  return reader.Bytes(own);
}

Result<std::vector<std::string_view>> AdjacencyBlock::SplitRows(std::string_view rows) const {
  ByteReader reader(rows);
  std::vector<uint64_t> sizes(size());
  for (uint64_t& row_size : sizes) row_size = reader.Varint();
  std::vector<std::string_view> split(size());
  for (size_t i = 0; i < split.size() && reader.ok(); ++i) split[i] = reader.Bytes(sizes[i]);
  TUPU_TRY(reader.Finish(kWhat));
  return split;
}

Result<Properties> AdjacencyBlock::PropertiesAt(size_t i) const {
  Properties properties;
  for (const Section& section : columns_) {
    if (section.tag == kRowsTag) {
      TUPU_TRY_ASSIGN(const std::string_view row, RowAt(section.bytes, i));
      TUPU_TRY_ASSIGN(properties, DecodeRow(row));
      continue;
    }
    TUPU_TRY_ASSIGN(const ColumnReader column, ColumnReader::Parse(KindOf(section.tag), section.bytes, size()));
    TUPU_TRY_ASSIGN(Value value, column.ValueAt(i));
    if (!value.is_null()) properties.emplace_back(KeyOf(section.tag), std::move(value));
  }
  SortByKey(properties);
  return properties;
}

Status AdjacencyBlock::DecodeProperties(std::vector<Properties>& out) const {
  out.assign(size(), {});
  bool mixed = false;
  for (const Section& section : columns_) {
    if (section.tag == kRowsTag) {
      TUPU_TRY_ASSIGN(const std::vector<std::string_view> rows, SplitRows(section.bytes));
      for (size_t i = 0; i < rows.size(); ++i) {
        TUPU_TRY_ASSIGN(out[i], DecodeRow(rows[i]));
      }
      mixed = true;
      continue;
    }
    TUPU_TRY_ASSIGN(const ColumnReader column, ColumnReader::Parse(KindOf(section.tag), section.bytes, size()));
    for (size_t i = 0; i < out.size(); ++i) {
      TUPU_TRY_ASSIGN(Value value, column.ValueAt(i));
      if (!value.is_null()) out[i].emplace_back(KeyOf(section.tag), std::move(value));
    }
  }
  if (mixed) {
    for (Properties& properties : out) SortByKey(properties);
  }
  return {};
}

Status AdjacencyBlock::DecodeRows(EncodedRows& out) const {
  out.bytes.clear();
  out.ends.assign(size(), 0);
  if (columns_.empty()) return {};
  const bool has_rows = columns_[0].tag == kRowsTag;
  std::vector<std::string_view> rows;
  if (has_rows) {
    TUPU_TRY_ASSIGN(rows, SplitRows(columns_[0].bytes));
  }
  std::vector<std::pair<PropertyKeyId, ColumnReader>> columns;
  for (const Section& section : std::span(columns_).subspan(has_rows ? 1 : 0)) {
    TUPU_TRY_ASSIGN(ColumnReader column, ColumnReader::Parse(KindOf(section.tag), section.bytes, size()));
    columns.emplace_back(KeyOf(section.tag), std::move(column));
  }
  std::vector<RowEntry> row;
  std::string values;
  for (size_t i = 0; i < size(); ++i) {
    if (has_rows) {
      TUPU_TRY(ParseCheckedRow(rows[i], row));
    } else {
      row.clear();
    }
    TUPU_TRY(AppendColumnsTo(row, columns, i, values));
    AppendRow(out.bytes, row);
    out.ends[i] = out.bytes.size();
  }
  return {};
}

Result<Value> AdjacencyBlock::PropertyAt(size_t i, PropertyKeyId key) const {
  for (const Section& section : columns_) {
    if (section.tag != kRowsTag && KeyOf(section.tag) == key) {
      TUPU_TRY_ASSIGN(const ColumnReader column, ColumnReader::Parse(KindOf(section.tag), section.bytes, size()));
      return column.ValueAt(i);
    }
  }
  if (columns_.empty() || columns_[0].tag != kRowsTag) return Value();
  TUPU_TRY_ASSIGN(const std::string_view row, RowAt(columns_[0].bytes, i));
  return DecodeRowProperty(row, key);
}

Status AdjacencyBlock::DecodeProperty(PropertyKeyId key, std::vector<Value>& out) const {
  out.assign(size(), Value());
  for (const Section& section : columns_) {
    if (section.tag == kRowsTag || KeyOf(section.tag) != key) continue;
    TUPU_TRY_ASSIGN(const ColumnReader column, ColumnReader::Parse(KindOf(section.tag), section.bytes, size()));
    for (size_t i = 0; i < out.size(); ++i) {
      TUPU_TRY_ASSIGN(out[i], column.ValueAt(i));
    }
    return {};
  }
  if (columns_.empty() || columns_[0].tag != kRowsTag) return {};
  TUPU_TRY_ASSIGN(const std::vector<std::string_view> rows, SplitRows(columns_[0].bytes));
  for (size_t i = 0; i < out.size(); ++i) {
    TUPU_TRY_ASSIGN(out[i], DecodeRowProperty(rows[i], key));
  }
  return {};
}

}  // namespace tupu
