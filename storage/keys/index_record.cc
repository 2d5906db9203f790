#include "storage/keys/index_record.h"

#include "storage/keys/bytes.h"
#include "storage/keys/ordered_value.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

constexpr uint8_t kVersion = 1;
constexpr char kEntryTag = 'P';
constexpr size_t kEntryHead = 5;
constexpr uint8_t kUniqueFlag = 1;
constexpr uint8_t kOwnedFlag = 2;
constexpr std::string_view kWhat = "catalog of indexes";

}  // namespace

/// Reads and writes the private parts of a catalog.
class IndexCatalogCodec {
 public:
  static std::string Encode(const IndexCatalog& catalog) {
    std::string out{static_cast<char>(kVersion)};
    AppendVarint(out, catalog.next_id_);
    AppendVarint(out, catalog.indexes_.size());
    for (const IndexDefinition& index : catalog.indexes_) Append(out, index);
    AppendVarint(out, catalog.constraints_.size());
    for (const ConstraintDefinition& constraint : catalog.constraints_) Append(out, constraint);
    AppendVarint(out, catalog.dropped_.size());
    for (const IndexId id : catalog.dropped_) AppendVarint(out, ToInteger(id));
    return out;
  }

  static Result<IndexCatalog> Decode(std::string_view bytes) {
    ByteReader reader(bytes);
    if (reader.U8() != kVersion) return CorruptionOf(kWhat, "unknown version");
    IndexCatalog catalog;
    catalog.next_id_ = static_cast<uint32_t>(reader.Varint());
    for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) catalog.indexes_.push_back(Index(reader));
    for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left)
      catalog.constraints_.push_back(Constraint(reader));
    for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left)
      catalog.dropped_.push_back(static_cast<IndexId>(reader.Varint()));
    TUPU_TRY(reader.Finish(kWhat));
    return catalog;
  }

 private:
  static void Append(std::string& out, const SchemaTarget& target) {
    out.push_back(static_cast<char>(target.entity));
    AppendVarint(out, target.schema);
    AppendVarint(out, target.properties.size());
    for (const PropertyKeyId key : target.properties) AppendVarint(out, ToInteger(key));
  }

  static void Append(std::string& out, const IndexDefinition& index) {
    AppendVarint(out, ToInteger(index.id));
    AppendSized(out, index.name);
    Append(out, index.target);
    out.push_back(static_cast<char>(index.state));
    out.push_back(static_cast<char>((index.unique ? kUniqueFlag : 0) | (index.owner ? kOwnedFlag : 0)));
    if (index.owner) AppendVarint(out, ToInteger(*index.owner));
    AppendSized(out, index.failure);
  }

  static void Append(std::string& out, const ConstraintDefinition& constraint) {
    AppendVarint(out, ToInteger(constraint.id));
    AppendSized(out, constraint.name);
    out.push_back(static_cast<char>(constraint.kind));
    Append(out, constraint.target);
    AppendVarint(out, constraint.types.bits());
    AppendVarint(out, constraint.index ? uint64_t{ToInteger(*constraint.index)} + 1 : 0);
    out.push_back(static_cast<char>(constraint.state));
  }

  template <class Enum>
  static Enum Enumerator(ByteReader& reader, Enum last) {
    const uint8_t number = reader.U8();
    if (number < 1 || number > static_cast<uint8_t>(last)) reader.Fail();
    return static_cast<Enum>(number);
  }

  static SchemaTarget Target(ByteReader& reader) {
    SchemaTarget target;
    target.entity = Enumerator(reader, EntityKind::kEdge);
    target.schema = static_cast<uint32_t>(reader.Varint());
    for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left)
      target.properties.push_back(static_cast<PropertyKeyId>(reader.Varint()));
    if (target.properties.empty()) reader.Fail();
    return target;
  }

  static IndexDefinition Index(ByteReader& reader) {
    IndexDefinition index;
    index.id = static_cast<IndexId>(reader.Varint());
    index.name = std::string(reader.Sized());
    index.target = Target(reader);
    index.state = Enumerator(reader, IndexState::kFailed);
    const uint8_t flags = reader.U8();
    if (flags > (kUniqueFlag | kOwnedFlag)) reader.Fail();
    index.unique = (flags & kUniqueFlag) != 0;
    if ((flags & kOwnedFlag) != 0) index.owner = static_cast<IndexId>(reader.Varint());
    index.failure = std::string(reader.Sized());
    return index;
  }

  static ConstraintDefinition Constraint(ByteReader& reader) {
    ConstraintDefinition constraint;
    constraint.id = static_cast<IndexId>(reader.Varint());
    constraint.name = std::string(reader.Sized());
    constraint.kind = Enumerator(reader, ConstraintKind::kKey);
    constraint.target = Target(reader);
    constraint.types = PropertyTypeSet::FromBits(static_cast<uint32_t>(reader.Varint()));
    if (const uint64_t index = reader.Varint(); index > 0) constraint.index = static_cast<IndexId>(index - 1);
    constraint.state = Enumerator(reader, IndexState::kFailed);
    return constraint;
  }
};

std::string EncodeIndexCatalog(const IndexCatalog& catalog) {
  return IndexCatalogCodec::Encode(catalog);
}
Result<IndexCatalog> DecodeIndexCatalog(std::string_view bytes) {
  return IndexCatalogCodec::Decode(bytes);
}

std::string EncodeStatistics(const GraphStatistics& statistics) {
  std::string out{static_cast<char>(kVersion)};
  AppendVarint(out, statistics.commit);
  AppendVarint(out, statistics.edges_counted);
  AppendVarint(out, statistics.indexes.size());
  for (const auto& [id, index] : statistics.indexes) {
    AppendVarint(out, ToInteger(id));
    AppendVarint(out, index.entries);
    AppendVarint(out, index.distinct.size());
    for (const uint64_t distinct : index.distinct) AppendVarint(out, distinct);
    AppendVarint(out, index.bounds.size());
    for (const std::string& bound : index.bounds) AppendSized(out, bound);
  }
  AppendVarint(out, statistics.triples.size());
  for (const auto& [triple, edges] : statistics.triples) {
    const auto& [from, type, to] = triple;
    for (const uint64_t v : {uint64_t{ToInteger(from)}, uint64_t{ToInteger(type)}, uint64_t{ToInteger(to)}, edges})
      AppendVarint(out, v);
  }
  return out;
}

Result<GraphStatistics> DecodeStatistics(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.U8() != kVersion) return CorruptionOf("statistics", "unknown version");
  GraphStatistics statistics;
  statistics.commit = reader.Varint();
  statistics.edges_counted = reader.Varint();
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    IndexStatistics& index = statistics.indexes[static_cast<IndexId>(reader.Varint())];
    index.entries = reader.Varint();
    for (uint64_t each = reader.Varint(); each > 0 && reader.ok(); --each) index.distinct.push_back(reader.Varint());
    for (uint64_t each = reader.Varint(); each > 0 && reader.ok(); --each) index.bounds.emplace_back(reader.Sized());
  }
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    const auto from = static_cast<LabelId>(reader.Varint());
    const auto type = static_cast<EdgeTypeId>(reader.Varint());
    const auto to = static_cast<LabelId>(reader.Varint());
    statistics.triples[{from, type, to}] = reader.Varint();
  }
  TUPU_TRY(reader.Finish("statistics"));
  return statistics;
}

std::string IndexPrefix(IndexId index) {
  std::string key{kEntryTag};
  AppendU32(key, ToInteger(index));
  return key;
}

KeyRange IndexKeyRange(IndexId index) {
  const std::string prefix = IndexPrefix(index);
  return {prefix, PrefixUpperBound(prefix).value_or("")};
}

Result<std::optional<std::string>> IndexedValues(const IndexDefinition& index, std::string_view row) {
  std::string values;
  for (const PropertyKeyId key : index.target.properties) {
    TUPU_TRY_ASSIGN(const Value value, DecodeRowProperty(row, key));
    if (value.is_null()) return std::optional<std::string>();
    AppendOrderedValue(values, value);
  }
  return std::optional(std::move(values));
}

std::string IndexEntryKey(IndexId index, std::string_view values, uint64_t entity) {
  std::string key = IndexPrefix(index);
  key.reserve(key.size() + values.size() + 8);
  key.append(values);
  AppendU64(key, entity);
  return key;
}

std::string EncodeEdgeEnds(VertexId start, VertexId end) {
  std::string bytes;
  AppendVarint(bytes, ToInteger(start));
  AppendVarint(bytes, ToInteger(end));
  return bytes;
}

namespace {

Result<uint64_t> DecodeEntity(std::string_view key) {
  if (key.size() < kEntryHead + 1 + 8 || key[0] != kEntryTag) return CorruptionOf("index entry", "malformed key");
  ByteReader reader(key.substr(key.size() - 8));
  return reader.U64();
}

}  // namespace

Result<VertexId> DecodeVertexEntry(std::string_view key) {
  TUPU_TRY_ASSIGN(const uint64_t id, DecodeEntity(key));
  return static_cast<VertexId>(id);
}

Result<EdgeReference> DecodeEdgeEntry(std::string_view key, std::string_view value, EdgeTypeId type) {
  EdgeReference edge;
  TUPU_TRY_ASSIGN(const uint64_t id, DecodeEntity(key));
  edge.id = static_cast<EdgeId>(id);
  ByteReader reader(value);
  edge.start = static_cast<VertexId>(reader.Varint());
  edge.end = static_cast<VertexId>(reader.Varint());
  edge.type = type;
  TUPU_TRY(reader.Finish("index entry"));
  return edge;
}

Result<std::vector<Value>> DecodeEntryValues(std::string_view key, size_t num_properties) {
  if (key.size() < kEntryHead + 8) return CorruptionOf("index entry", "malformed key");
  ByteReader reader(key.substr(kEntryHead, key.size() - kEntryHead - 8));
  std::vector<Value> values;
  for (size_t i = 0; i < num_properties; ++i) {
    TUPU_TRY_ASSIGN(Value value, TakeOrderedValue(reader));
    values.push_back(std::move(value));
  }
  TUPU_TRY(reader.Finish("index entry"));
  return values;
}

}  // namespace tupu
