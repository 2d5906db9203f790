#include "loaders/bulk/edge_identity.h"

#include <algorithm>

#include "loaders/merge/property_merge.h"
#include "storage/base/check.h"
#include "storage/catalog/catalog.h"
#include "storage/keys/property_row.h"
#include "storage/ontology/ontology.h"

namespace tupu {

namespace {

/// Of a value that this process encoded. Values that are equal hash alike: their bytes are the same but for floats, and
/// for the forms that HashValue knows better.
uint64_t HashEncoded(std::string_view value) {
  switch (value[0]) {
    case kValueFalse:
    case kValueTrue:
    case kValueInteger:
    case kValueString:
    case kValueDate: return std::hash<std::string_view>()(value);
    default: break;
  }
  const Result<Value> decoded = DecodeValue(value);
  TUPU_CHECK(decoded.has_value());
  return HashValue(*decoded);
}

uint64_t HashOfProperty(const std::vector<RowEntry>& entries, std::optional<PropertyKeyId> key) {
  for (const RowEntry& entry : entries) {
    if (entry.key == key) return HashEncoded(entry.value);
  }
  return 0;
}

/// Of a row that this process encoded.
Properties DecodeOwn(std::string_view row) {
  Result<Properties> properties = DecodeRow(row);
  TUPU_CHECK(properties.has_value());
  return std::move(*properties);
}

}  // namespace

EdgeIdentity EdgeIdentity::Of(EdgeTypeId type, const Ontology& ontology, const Catalog& catalog) {
  EdgeIdentity identity;
  const EdgeTypeRule* rule = ontology.FindEdgeType(catalog.edge_types().GetName(type));
  if (rule == nullptr || !rule->key) return identity;
  identity.has_key = true;
  for (const std::string& name : *rule->key) identity.key.push_back(catalog.property_keys().Find(name));
  return identity;
}

uint64_t EdgeIdentity::HashOf(EdgeTypeId type, const EdgeBatch::Edge& edge, std::string_view row) const {
  thread_local std::vector<RowEntry> entries;
  TUPU_CHECK(ParseRow(row, entries).has_value());
  // CombineHash adds before it mixes: of two plain numbers, only one may come in at a time.
  uint64_t hash = CombineHash(CombineHash(CombineHash(0, ToInteger(type)), edge.start), edge.end);
  for (const std::optional<PropertyKeyId> property : key) {
    hash = CombineHash(hash, property ? HashOfProperty(entries, property) : 0);
  }
  return hash;
}

bool EdgeIdentity::SameKey(const Properties& a, const Properties& b) const {
  return std::all_of(key.begin(), key.end(), [&](std::optional<PropertyKeyId> property) {
    if (!property) return true;
    const Value* left = FindProperty(a, *property);
    const Value* right = FindProperty(b, *property);
    return left == nullptr || right == nullptr ? left == right : *left == *right;
  });
}

uint64_t HashOfOwnId(EdgeTypeId type, PropertyKeyId property, std::string_view row) {
  thread_local std::vector<RowEntry> entries;
  TUPU_CHECK(ParseRow(row, entries).has_value());
  constexpr uint64_t kOwnIds = 0x6F776E;  // another beginning than that of keys
  return CombineHash(CombineHash(CombineHash(CombineHash(0, kOwnIds), ToInteger(type)), ToInteger(property)),
                     HashOfProperty(entries, property));
}

/// EdgeMerger gathers what rows change, then writes what differs from the first row: so a value that comes back, or an
/// equal one of other bytes (0.0 and -0.0), leaves the first one.
Result<bool> EdgeRowMerge::Merge(EdgeTypeId type, std::string_view first, std::span<const std::string_view> later,
                                 std::string& merged) {
  const auto sources = catalog_.property_keys().Find("sources");
  const std::vector<PropertyKeyId> united =
      sources ? std::vector<PropertyKeyId>{*sources} : std::vector<PropertyKeyId>{};
  const EdgeIdentity identity = EdgeIdentity::Of(type, ontology_, catalog_);
  const Properties before = DecodeOwn(first);
  Properties after = before;
  uint64_t unchanged = 0;
  uint64_t gathered = 0;
  for (const std::string_view row : later) {
    const Properties properties = DecodeOwn(row);
    if (!identity.SameKey(before, properties)) return false;
    const bool changes = MergeProperties(after, properties, united);
    ++(changes || gathered > 0 ? gathered : unchanged);
  }
  bool changed = false;
  for (auto& [key, value] : after) {
    const Value* first_value = FindProperty(before, key);
    if (first_value != nullptr && *first_value == value) {
      value = *first_value;
    } else {
      changed = true;
    }
  }
  unchanged_ += unchanged;
  (changed ? merged_ : unchanged_) += gathered;
  AppendRow(merged, after);
  return true;
}

}  // namespace tupu
