#include "query/executor/column.h"

#include <algorithm>

#include "storage/base/check.h"

namespace tupu {

void RawArray::Grow(size_t bytes, size_t used) {
  // Uninitialised: what is not written is not read.
  std::unique_ptr<std::byte[]> grown(new std::byte[bytes]);
  if (used > 0) std::memcpy(grown.get(), bytes_.get(), used);
  bytes_ = std::move(grown);
  capacity_ = bytes;
}

size_t Column::WidthOf(ColumnType type) {
  switch (type) {
    case ColumnType::kVertex: return sizeof(VertexId);
    case ColumnType::kEdge: return sizeof(EdgeReference);
    case ColumnType::kInteger: return sizeof(int64_t);
    case ColumnType::kFloat: return sizeof(double);
    case ColumnType::kBoolean: return sizeof(uint8_t);
    case ColumnType::kUnset:
    case ColumnType::kValue: return 0;
  }
  return 0;
}

Column& Column::operator=(const Column& other) {
  if (this == &other) return *this;
  Clear();
  type_ = other.type_;
  size_ = other.size_;
  has_nulls_ = other.has_nulls_;
  if (has_nulls_) nulls_ = other.nulls_;
  values_ = other.values_;
  const size_t bytes = size_ * WidthOf(type_);
  if (bytes > 0) {
    data_.Reserve(bytes, 0);
    std::memcpy(data_.data(), other.data_.data(), bytes);
  }
  return *this;
}

// By swapping: the memory of the one goes on serving the other.
Column& Column::operator=(Column&& other) noexcept {
  if (this == &other) return *this;
  std::swap(type_, other.type_);
  std::swap(size_, other.size_);
  std::swap(has_nulls_, other.has_nulls_);
  std::swap(data_, other.data_);
  nulls_.swap(other.nulls_);
  values_.swap(other.values_);
  other.Clear();
  return *this;
}

bool Column::TurnInto(ColumnType type) {
  if (type_ != ColumnType::kUnset) return false;
  type_ = type;
  if (size_ == 0) return true;
  if (type == ColumnType::kValue) {
    values_.resize(size_);
    return true;
  }
  const size_t bytes = size_ * WidthOf(type);
  data_.Reserve(bytes, 0);
  std::memset(data_.data(), 0, bytes);
  nulls_.assign(size_, 1);
  has_nulls_ = true;
  return true;
}

void Column::Widen() {
  if (type_ == ColumnType::kValue) return;
  std::vector<Value> values;
  values.reserve(std::max<size_t>(size_ + 1, values_.capacity()));
  for (size_t row = 0; row < size_; ++row) values.push_back(Get(row));
  values_ = std::move(values);
  type_ = ColumnType::kValue;
  has_nulls_ = false;
}

void Column::AppendWidened(ColumnType type, const void* value) {
  Widen();
  switch (type) {
    case ColumnType::kVertex: values_.emplace_back(*static_cast<const VertexId*>(value)); break;
    case ColumnType::kEdge: values_.emplace_back(*static_cast<const EdgeReference*>(value)); break;
    case ColumnType::kInteger: values_.emplace_back(*static_cast<const int64_t*>(value)); break;
    case ColumnType::kFloat: values_.emplace_back(*static_cast<const double*>(value)); break;
    default: values_.emplace_back(*static_cast<const uint8_t*>(value) != 0); break;
  }
  ++size_;
}

void Column::AppendNull() {
  if (type_ == ColumnType::kValue) {
    values_.emplace_back();
  } else if (type_ != ColumnType::kUnset) {
    const size_t width = WidthOf(type_);
    if ((size_ + 1) * width > data_.capacity()) data_.Reserve(std::max<size_t>(64, 2 * size_) * width, size_ * width);
    std::memset(data_.data() + size_ * width, 0, width);
    if (!has_nulls_) {
      nulls_.assign(size_, 0);
      has_nulls_ = true;
    }
    nulls_.push_back(1);
  }
  ++size_;
}

void Column::Append(const Value& value) {
  switch (value.type()) {
    case ValueType::kNull: AppendNull(); return;
    case ValueType::kVertexReference: AppendVertex(value.AsVertexReference()); return;
    case ValueType::kEdgeReference: AppendEdge(value.AsEdgeReference()); return;
    case ValueType::kInteger: AppendInteger(value.AsInteger()); return;
    case ValueType::kFloat: AppendFloat(value.AsFloat()); return;
    case ValueType::kBoolean: AppendBoolean(value.AsBoolean()); return;
    default: break;
  }
  if (type_ == ColumnType::kUnset)
    TurnInto(ColumnType::kValue);
  else
    Widen();
  values_.push_back(value);
  ++size_;
}

void Column::AppendRow(const Column& from, size_t row) {
  if (from.IsNull(row)) return AppendNull();
  switch (from.type_) {
    case ColumnType::kUnset: AppendNull(); return;
    case ColumnType::kVertex: AppendVertex(from.vertices()[row]); return;
    case ColumnType::kEdge: AppendEdge(from.edges()[row]); return;
    case ColumnType::kInteger: AppendInteger(from.integers()[row]); return;
    case ColumnType::kFloat: AppendFloat(from.floats()[row]); return;
    case ColumnType::kBoolean: AppendBoolean(from.booleans()[row] != 0); return;
    case ColumnType::kValue: Append(from.values_[row]); return;
  }
}

namespace {

template <class T>
void GatherArray(std::span<const T> from, std::span<const uint32_t> rows, std::span<T> out) {
  for (size_t i = 0; i < rows.size(); ++i) out[i] = from[rows[i]];
}

}  // namespace

void Column::Gather(const Column& from, std::span<const uint32_t> rows) {
  // Same type on both sides and no null yet here: whole arrays; everything else row by row.
  const bool plain = from.type_ != ColumnType::kUnset && !has_nulls_ && !from.has_nulls_ &&
                     (type_ == from.type_ || (type_ == ColumnType::kUnset && size_ == 0));
  if (!plain) {
    for (const uint32_t row : rows) AppendRow(from, row);
    return;
  }
  switch (from.type_) {
    case ColumnType::kUnset: break;
    case ColumnType::kVertex: GatherArray(from.vertices(), rows, ExtendVertices(rows.size())); break;
    case ColumnType::kEdge: GatherArray(from.edges(), rows, ExtendEdges(rows.size())); break;
    case ColumnType::kInteger: GatherArray(from.integers(), rows, ExtendIntegers(rows.size())); break;
    case ColumnType::kFloat: GatherArray(from.floats(), rows, Extend<double>(ColumnType::kFloat, rows.size())); break;
    case ColumnType::kBoolean: GatherArray(from.booleans(), rows, ExtendBooleans(rows.size())); break;
    case ColumnType::kValue: {
      type_ = ColumnType::kValue;
      const size_t before = values_.size();
      values_.resize(before + rows.size());
      GatherArray(from.values(), rows, std::span(values_).subspan(before));
      size_ += rows.size();
      break;
    }
  }
}

void Column::AppendRepeated(const Value& value, size_t count) {
  for (size_t i = 0; i < count; ++i) Append(value);
}

Value Column::Get(size_t row) const {
  if (IsNull(row)) return {};
  TUPU_DCHECK(row < size_);
  switch (type_) {
    case ColumnType::kUnset: return {};
    case ColumnType::kVertex: return vertices()[row];
    case ColumnType::kEdge: return edges()[row];
    case ColumnType::kInteger: return integers()[row];
    case ColumnType::kFloat: return floats()[row];
    case ColumnType::kBoolean: return booleans()[row] != 0;
    case ColumnType::kValue: return values_[row];
  }
  return {};
}

}  // namespace tupu
