#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "storage/base/bits.h"
#include "storage/csr/topology_csr.h"
#include "storage/graph/graph_view.h"

namespace tupu {

/// How a column keeps its values: as numbers of one type, or as codes of the few that there are, or as texts in their stored
/// form (storage/keys/property_row.h) where types mix or most values differ.
enum class ColumnForm : uint8_t { kEmpty, kIntegers, kFloats, kBooleans, kDates, kDictionary, kEncoded };

/// One property of all vertices, or of all edges of a type, at one commit, by id.
///
/// Ids     a bit for each id between the least and the greatest that has a value, and the number of values before each 64 of
///         them, find the place of a value in O(1): an id without a value costs 0.25 bytes, none outside of that span.
/// Values  integers and dates above their least in 1, 2, 4 or 8 bytes; floats in 8; booleans in 1; codes in 1, 2 or 4;
///         texts one after the other, with their beginnings in 4 bytes, 8 above 4 GiB.
/// Life    made by PropertyColumnBuilder, then read by any number of threads.
class PropertyColumn {
 public:
  static constexpr uint64_t kNone = UINT64_MAX;

  ColumnForm form() const { return form_; }
  uint64_t num_values() const { return num_values_; }
  uint64_t bytes() const;

  /// Where the value of `id` lies, or kNone.
  uint64_t PositionOf(uint64_t id) const {
    const uint64_t at = id / 64 - first_group_;  // below the first group it wraps above the last
    if (at >= groups_.size()) return kNone;
    const Group& group = groups_[at];
    const uint64_t bit = uint64_t{1} << (id % 64);
    return (group.bits & bit) == 0 ? kNone : group.values_before + CountBits(group.bits & (bit - 1));
  }
  bool HasValue(uint64_t id) const {
    const uint64_t at = id / 64 - first_group_;
    return at < groups_.size() && (groups_[at].bits >> (id % 64) & 1) != 0;
  }
  /// Asks the memory for what reading at `position` will touch.
  void Prefetch(uint64_t position) const {
    if (width_ > 0 && position != kNone) __builtin_prefetch(packed_.data() + position * width_);
  }

  /// The value at a position that PositionOf gave; null at kNone. Errors: kCorruption, of a text that a record held damaged.
  Result<Value> At(uint64_t position) const;
  /// The same, without making a Value of a number. False, and nothing is appended: it is a text, for At.
  bool Append(uint64_t position, PropertySink& out) const;
  Result<Value> Get(uint64_t id) const { return At(PositionOf(id)); }

  /// Calls visit(id) for each id that has a value, ascending.
  template <class Visitor>
  void VisitIds(Visitor&& visitor) const {
    for (size_t i = 0; i < groups_.size(); ++i) {
      for (uint64_t bits = groups_[i].bits; bits != 0; bits &= bits - 1)
        visitor((first_group_ + i) * 64 + static_cast<uint64_t>(std::countr_zero(bits)));
    }
  }

 private:
  friend class PropertyColumnBuilder;

  struct Group {
    uint64_t bits = 0;  // bit i: id 64 * (first_group_ + group) + i has a value
    uint64_t values_before = 0;
  };

  uint64_t NumberAt(uint64_t position) const {
    const uint8_t* const at = packed_.data() + position * width_;
    switch (width_) {
      case 1: return Take<uint8_t>(at);
      case 2: return Take<uint16_t>(at);
      case 4: return Take<uint32_t>(at);
      default: return Take<uint64_t>(at);
    }
  }
  template <class T>
  static uint64_t Take(const uint8_t* at) {
    T v;
    std::memcpy(&v, at, sizeof v);
    return v;
  }
  std::string_view TextAt(uint64_t position) const;

  ColumnForm form_ = ColumnForm::kEmpty;
  uint64_t num_values_ = 0;
  uint64_t first_group_ = 0;
  std::vector<Group> groups_;
  uint64_t width_ = 0;  // of a number or code; 0: texts
  int64_t least_ = 0;   // of integers and dates
  std::vector<uint8_t> packed_;
  std::vector<Value> dictionary_;
  uint64_t dictionary_bytes_ = 0;
  IdColumn ends_;  // of texts, by position
  std::string texts_;
};

inline bool PropertyColumn::Append(uint64_t position, PropertySink& out) const {
  if (position == kNone) {
    out.AppendNull();
    return true;
  }
  switch (form_) {
    case ColumnForm::kIntegers:
      out.AppendInteger(static_cast<int64_t>(static_cast<uint64_t>(least_) + NumberAt(position)));
      return true;
    case ColumnForm::kFloats: out.AppendFloat(std::bit_cast<double>(NumberAt(position))); return true;
    case ColumnForm::kBooleans: out.AppendBoolean(NumberAt(position) != 0); return true;
    case ColumnForm::kDictionary: out.Append(dictionary_[NumberAt(position)]); return true;
    default: return false;
  }
}

/// Takes values in any order of ids. One thread.
class PropertyColumnBuilder {
 public:
  /// `next_id`: all ids lie below it.
  explicit PropertyColumnBuilder(uint64_t next_id) : next_id_(next_id), ids_(next_id > UINT32_MAX) {}

  /// `encoded`: a value as records hold it.
  void AppendEncoded(uint64_t id, std::string_view encoded);
  /// Requires: a storable value, not null.
  void Append(uint64_t id, const Value& value);

  /// What is held until now. Finish takes up to as much again.
  uint64_t bytes() const;

  /// Once. Errors: kCorruption: an id twice, or one that was never given out.
  Result<PropertyColumn> Finish();

 private:
  void AppendNumber(uint64_t id, ColumnForm form, uint64_t number);
  void AppendText(std::string_view encoded);
  void TurnIntoTexts();
  void GiveUpDictionary();
  Status PlaceIds(PropertyColumn& column);
  void PlaceNumbers(PropertyColumn& column, std::span<const uint64_t> positions);
  Status PlaceCodes(PropertyColumn& column, std::span<const uint64_t> positions);
  void PlaceTexts(PropertyColumn& column, std::span<const uint64_t> positions);

  const uint64_t next_id_;
  bool ascending_ = true;
  uint64_t last_id_ = 0;
  ColumnForm form_ = ColumnForm::kEmpty;
  IdColumn ids_;
  std::vector<uint64_t> numbers_;                    // of numbers: their bits; of a dictionary: codes; of texts: ends
  std::unordered_map<std::string, uint64_t> codes_;  // of a dictionary
  uint64_t codes_bytes_ = 0;
  std::string texts_;
  std::string scratch_;
};

}  // namespace tupu
