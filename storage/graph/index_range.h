#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tupu/value.h>

#include "storage/keys/index_record.h"

namespace tupu {

struct IndexBound {
  Value value;
  bool inclusive = true;
};

/// A part of a property index: entities with these values of its first properties and, of the property after them, a value
/// within the bounds, or a text with the prefix; nothing: any value.
///
/// As openCypher's `=` and `<` have it: null and NaN equal nothing and stand in no order, a bound gives only values of its own
/// kind. A seek may give more than that in one case: lists (as a bound) and values that contain them; test the predicate.
struct IndexRange {
  std::vector<Value> equal;
  std::optional<IndexBound> lower;
  std::optional<IndexBound> upper;
  std::optional<std::string> prefix;  // instead of bounds
};

/// The keys of the entries; nullopt when no entry can be meant. Requires: no more values than the index has properties.
std::optional<KeyRange> KeysOf(IndexId index, const IndexRange& range);

}  // namespace tupu
