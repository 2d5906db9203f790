#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <tupu/value.h>

namespace tupu {

/// How a column keeps its rows. kUnset: only nulls so far; the first value decides.
enum class ColumnType : uint8_t { kUnset, kVertex, kEdge, kInteger, kFloat, kBoolean, kValue };

/// The values of one variable in a batch: a typed array while all rows are of one of the hot types, an array of
/// Value otherwise. A column that meets a value of another type turns itself into a kValue column, so types are an
/// optimisation and never a promise; null is a value of every type.
///
/// Not a queue: rows are appended, read by index, and dropped together. Cleared columns keep their memory.
class Column {
 public:
  ColumnType type() const { return type_; }
  size_t size() const { return size_; }
  bool has_nulls() const { return has_nulls_; }

  void Clear();
  void Append(const Value& value);
  void AppendNull();
  void AppendVertex(VertexId value);
  void AppendEdge(const EdgeReference& value);
  void AppendInteger(int64_t value);
  void AppendFloat(double value);
  void AppendBoolean(bool value);
  void AppendRow(const Column& from, size_t row);
  /// Appends from[rows[0]], from[rows[1]], ...
  void Gather(const Column& from, std::span<const uint32_t> rows);
  /// Appends `value` `count` times.
  void AppendRepeated(const Value& value, size_t count);

  bool IsNull(size_t row) const {
    return type_ == ColumnType::kUnset ||
           (type_ == ColumnType::kValue ? values_[row].is_null() : has_nulls_ && nulls_[row] != 0);
  }
  Value Get(size_t row) const;

  /// Require: type() is the one named; a null row holds an arbitrary value (kValue: null).
  std::span<const VertexId> vertices() const { return vertices_; }
  std::span<const EdgeReference> edges() const { return edges_; }
  std::span<const int64_t> integers() const { return integers_; }
  std::span<const double> floats() const { return floats_; }
  std::span<const uint8_t> booleans() const { return booleans_; }
  std::span<const Value> values() const { return values_; }

 private:
  void BeginType(ColumnType type);  // kUnset -> type, earlier rows null
  bool Accepts(ColumnType type) {   // true: the typed array of `type` takes the next row
    if (type_ == type) return true;
    if (type_ == ColumnType::kUnset) {
      BeginType(type);
      return true;
    }
    Widen();
    return false;
  }
  void Widen();  // -> kValue
  void AppendPlaceholder();
  void MarkNotNull() {
    if (has_nulls_) nulls_.push_back(0);
    ++size_;
  }

  ColumnType type_ = ColumnType::kUnset;
  bool has_nulls_ = false;  // nulls_ is filled; kValue keeps its nulls in values_
  size_t size_ = 0;
  std::vector<uint8_t> nulls_;
  std::vector<VertexId> vertices_;
  std::vector<EdgeReference> edges_;
  std::vector<int64_t> integers_;
  std::vector<double> floats_;
  std::vector<uint8_t> booleans_;
  std::vector<Value> values_;
};

}  // namespace tupu
