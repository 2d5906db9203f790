#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include <tupu/value.h>

namespace tupu {

/// How a column keeps its rows. kUnset: only nulls so far; the first value decides.
enum class ColumnType : uint8_t { kUnset, kVertex, kEdge, kInteger, kFloat, kBoolean, kValue };

/// Memory for an array of trivially copyable elements of any type, which grows and is never cleared.
class RawArray {
 public:
  RawArray() = default;
  RawArray(RawArray&&) noexcept = default;
  RawArray& operator=(RawArray&&) noexcept = default;

  std::byte* data() { return bytes_.get(); }
  const std::byte* data() const { return bytes_.get(); }
  size_t capacity() const { return capacity_; }
  /// Keeps the first `used` bytes.
  void Reserve(size_t bytes, size_t used) {
    if (bytes > capacity_) Grow(bytes, used);
  }

 private:
  void Grow(size_t bytes, size_t used);

  std::unique_ptr<std::byte[]> bytes_;  // as operator new aligns it: for every type here
  size_t capacity_ = 0;
};

/// The values of one variable in a batch: a typed array while all rows are of one of the hot types, an array of
/// Value otherwise. A column that meets a value of another type turns itself into a kValue column, so types are an
/// optimisation and never a promise; null is a value of every type.
///
/// Not a queue: rows are appended, read by index, and dropped together. Cleared columns keep their memory.
class Column {
 public:
  Column() = default;
  Column(const Column& other) { *this = other; }
  Column& operator=(const Column& other);
  Column(Column&& other) noexcept { *this = std::move(other); }
  Column& operator=(Column&& other) noexcept;

  ColumnType type() const { return type_; }
  size_t size() const { return size_; }
  bool has_nulls() const { return has_nulls_; }

  void Clear() {
    if (size_ == 0 && type_ == ColumnType::kUnset) return;
    values_.clear();
    type_ = ColumnType::kUnset;
    has_nulls_ = false;
    size_ = 0;
  }
  void Append(const Value& value);
  void AppendNull();
  void AppendVertex(VertexId value) { AppendTyped(ColumnType::kVertex, value); }
  void AppendEdge(const EdgeReference& value) { AppendTyped(ColumnType::kEdge, value); }
  void AppendInteger(int64_t value) { AppendTyped(ColumnType::kInteger, value); }
  void AppendFloat(double value) { AppendTyped(ColumnType::kFloat, value); }
  void AppendBoolean(bool value) { AppendTyped(ColumnType::kBoolean, static_cast<uint8_t>(value ? 1 : 0)); }
  void AppendRow(const Column& from, size_t row);
  /// Appends from[rows[0]], from[rows[1]], ...
  void Gather(const Column& from, std::span<const uint32_t> rows);
  /// Appends `value` `count` times.
  void AppendRepeated(const Value& value, size_t count);

  /// Whether Extend may be called for `type`: the column is of that type without nulls, or has no rows.
  bool CanExtend(ColumnType type) const { return size_ == 0 || (type_ == type && !has_nulls_); }
  /// Appends `count` rows of the type, to be written by the caller. Requires: CanExtend.
  std::span<VertexId> ExtendVertices(size_t count) { return Extend<VertexId>(ColumnType::kVertex, count); }
  std::span<EdgeReference> ExtendEdges(size_t count) { return Extend<EdgeReference>(ColumnType::kEdge, count); }
  std::span<int64_t> ExtendIntegers(size_t count) { return Extend<int64_t>(ColumnType::kInteger, count); }
  std::span<uint8_t> ExtendBooleans(size_t count) { return Extend<uint8_t>(ColumnType::kBoolean, count); }

  bool IsNull(size_t row) const {
    return type_ == ColumnType::kUnset ||
           (type_ == ColumnType::kValue ? values_[row].is_null() : has_nulls_ && nulls_[row] != 0);
  }
  Value Get(size_t row) const;

  /// Require: type() is the one named; a null row holds an arbitrary value (kValue: null).
  std::span<const VertexId> vertices() const { return Typed<VertexId>(); }
  std::span<const EdgeReference> edges() const { return Typed<EdgeReference>(); }
  std::span<const int64_t> integers() const { return Typed<int64_t>(); }
  std::span<const double> floats() const { return Typed<double>(); }
  std::span<const uint8_t> booleans() const { return Typed<uint8_t>(); }
  std::span<const Value> values() const { return values_; }

 private:
  static size_t WidthOf(ColumnType type);
  template <class T>
  const T* Data() const {
    return std::launder(reinterpret_cast<const T*>(data_.data()));
  }
  template <class T>
  std::span<const T> Typed() const {
    return {Data<T>(), size_};
  }
  template <class T>
  std::span<T> Extend(ColumnType type, size_t count) {
    type_ = type;
    const size_t before = size_;
    size_ += count;
    if (size_ * sizeof(T) > data_.capacity()) data_.Reserve(2 * size_ * sizeof(T), before * sizeof(T));
    return {std::launder(reinterpret_cast<T*>(data_.data())) + before, count};
  }
  template <class T>
  void AppendTyped(ColumnType type, const T& value) {
    if (type_ != type && !TurnInto(type)) {
      AppendWidened(type, &value);
      return;
    }
    if ((size_ + 1) * sizeof(T) > data_.capacity())
      data_.Reserve(std::max<size_t>(64, 2 * size_) * sizeof(T), size_ * sizeof(T));
    ::new (data_.data() + size_ * sizeof(T)) T(value);
    if (has_nulls_) nulls_.push_back(0);
    ++size_;
  }
  bool TurnInto(ColumnType type);  // kUnset -> type, earlier rows null; false: the column is of another type
  void AppendWidened(ColumnType type, const void* value);
  void Widen();  // -> kValue

  ColumnType type_ = ColumnType::kUnset;
  bool has_nulls_ = false;  // nulls_ is filled; kValue keeps its nulls in values_
  size_t size_ = 0;
  RawArray data_;  // typed columns
  std::vector<uint8_t> nulls_;
  std::vector<Value> values_;  // kValue
};

}  // namespace tupu
