#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tupu/value.h>

namespace tupu {

/// Types that a property may have, as `IS :: STRING | LIST<INTEGER>` names them: scalars, and lists of one of them.
/// Immutable value; the bits are on disk (storage/keys/index_record.h).
class PropertyTypeSet {
 public:
  static constexpr uint32_t kListShift = 16;

  PropertyTypeSet() = default;
  static PropertyTypeSet FromBits(uint32_t bits) { return PropertyTypeSet(bits); }
  /// Empty for a type that no property can have.
  static PropertyTypeSet Of(ValueType scalar, bool list);

  PropertyTypeSet operator|(PropertyTypeSet other) const { return PropertyTypeSet(bits_ | other.bits_); }
  bool empty() const { return bits_ == 0; }
  uint32_t bits() const { return bits_; }
  /// The empty list fits every list type.
  bool Allows(const Value& value) const;
  /// Cypher text: "STRING | LIST<INTEGER NOT NULL>".
  std::string ToString() const;
  friend bool operator==(PropertyTypeSet, PropertyTypeSet) = default;

 private:
  explicit PropertyTypeSet(uint32_t bits) : bits_(bits) {}
  uint32_t bits_ = 0;
};

}  // namespace tupu
