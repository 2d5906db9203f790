#pragma once

#include <cstdint>
#include <type_traits>

#pragma GCC visibility push(default)

namespace tupu {

/// Ids are distinct types, so that one cannot pass for another. Dense, from 0, never used again.
enum class VertexId : uint64_t {};
enum class EdgeId : uint64_t {};
enum class LabelId : uint32_t {};
enum class EdgeTypeId : uint32_t {};
enum class PropertyKeyId : uint32_t {};

template <class Id>
requires std::is_enum_v<Id>
constexpr auto ToInteger(Id id) noexcept {
  return static_cast<std::underlying_type_t<Id>>(id);
}

/// Which edges of a vertex: those that start there, those that end there, or both.
enum class Direction : uint8_t { kOut, kIn, kBoth };

constexpr Direction Reverse(Direction direction) noexcept {
  switch (direction) {
    case Direction::kOut: return Direction::kIn;
    case Direction::kIn: return Direction::kOut;
    case Direction::kBoth: return Direction::kBoth;
  }
  return direction;
}

}  // namespace tupu

#pragma GCC visibility pop
