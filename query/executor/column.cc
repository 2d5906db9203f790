#include "query/executor/column.h"

#include "storage/base/check.h"

namespace tupu {

void Column::Clear() {
  type_ = ColumnType::kUnset;
  has_nulls_ = false;
  size_ = 0;
  nulls_.clear();
  vertices_.clear();
  edges_.clear();
  integers_.clear();
  floats_.clear();
  booleans_.clear();
  values_.clear();
}

void Column::AppendPlaceholder() {
  switch (type_) {
    case ColumnType::kUnset: return;
    case ColumnType::kVertex: vertices_.emplace_back(); return;
    case ColumnType::kEdge: edges_.emplace_back(); return;
    case ColumnType::kInteger: integers_.push_back(0); return;
    case ColumnType::kFloat: floats_.push_back(0); return;
    case ColumnType::kBoolean: booleans_.push_back(0); return;
    case ColumnType::kValue: values_.emplace_back(); return;
  }
}

void Column::BeginType(ColumnType type) {
  const size_t rows = size_;
  type_ = type;
  if (rows == 0) return;
  for (size_t row = 0; row < rows; ++row) AppendPlaceholder();
  if (type == ColumnType::kValue) return;
  nulls_.assign(rows, 1);
  has_nulls_ = true;
}

void Column::Widen() {
  if (type_ == ColumnType::kValue) return;
  std::vector<Value> values;
  values.reserve(size_ + 1);
  for (size_t row = 0; row < size_; ++row) values.push_back(Get(row));
  const size_t rows = size_;
  Clear();
  type_ = ColumnType::kValue;
  size_ = rows;
  values_ = std::move(values);
}

void Column::AppendNull() {
  AppendPlaceholder();
  if (type_ != ColumnType::kUnset && type_ != ColumnType::kValue) {
    if (!has_nulls_) {
      nulls_.assign(size_, 0);
      has_nulls_ = true;
    }
    nulls_.push_back(1);
  }
  ++size_;
}

void Column::AppendVertex(VertexId value) {
  if (Accepts(ColumnType::kVertex)) {
    vertices_.push_back(value);
    MarkNotNull();
  } else {
    values_.emplace_back(value);
    ++size_;
  }
}

void Column::AppendEdge(const EdgeReference& value) {
  if (Accepts(ColumnType::kEdge)) {
    edges_.push_back(value);
    MarkNotNull();
  } else {
    values_.emplace_back(value);
    ++size_;
  }
}

void Column::AppendInteger(int64_t value) {
  if (Accepts(ColumnType::kInteger)) {
    integers_.push_back(value);
    MarkNotNull();
  } else {
    values_.emplace_back(value);
    ++size_;
  }
}

void Column::AppendFloat(double value) {
  if (Accepts(ColumnType::kFloat)) {
    floats_.push_back(value);
    MarkNotNull();
  } else {
    values_.emplace_back(value);
    ++size_;
  }
}

void Column::AppendBoolean(bool value) {
  if (Accepts(ColumnType::kBoolean)) {
    booleans_.push_back(value ? 1 : 0);
    MarkNotNull();
  } else {
    values_.emplace_back(value);
    ++size_;
  }
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
  if (type_ == ColumnType::kUnset) BeginType(ColumnType::kValue);
  Widen();
  values_.push_back(value);
  ++size_;
}

void Column::AppendRow(const Column& from, size_t row) {
  if (from.IsNull(row)) return AppendNull();
  switch (from.type_) {
    case ColumnType::kUnset: AppendNull(); return;
    case ColumnType::kVertex: AppendVertex(from.vertices_[row]); return;
    case ColumnType::kEdge: AppendEdge(from.edges_[row]); return;
    case ColumnType::kInteger: AppendInteger(from.integers_[row]); return;
    case ColumnType::kFloat: AppendFloat(from.floats_[row]); return;
    case ColumnType::kBoolean: AppendBoolean(from.booleans_[row]); return;
    case ColumnType::kValue: Append(from.values_[row]); return;
  }
}

namespace {

template <class T>
void GatherArray(const std::vector<T>& from, std::span<const uint32_t> rows, std::vector<T>& out) {
  const size_t begin = out.size();
  out.resize(begin + rows.size());
  for (size_t i = 0; i < rows.size(); ++i) out[begin + i] = from[rows[i]];
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
  type_ = from.type_;
  switch (type_) {
    case ColumnType::kUnset: break;
    case ColumnType::kVertex: GatherArray(from.vertices_, rows, vertices_); break;
    case ColumnType::kEdge: GatherArray(from.edges_, rows, edges_); break;
    case ColumnType::kInteger: GatherArray(from.integers_, rows, integers_); break;
    case ColumnType::kFloat: GatherArray(from.floats_, rows, floats_); break;
    case ColumnType::kBoolean: GatherArray(from.booleans_, rows, booleans_); break;
    case ColumnType::kValue: GatherArray(from.values_, rows, values_); break;
  }
  size_ += rows.size();
}

void Column::AppendRepeated(const Value& value, size_t count) {
  for (size_t i = 0; i < count; ++i) Append(value);
}

Value Column::Get(size_t row) const {
  if (IsNull(row)) return {};
  TUPU_DCHECK(row < size_);
  switch (type_) {
    case ColumnType::kUnset: return {};
    case ColumnType::kVertex: return vertices_[row];
    case ColumnType::kEdge: return edges_[row];
    case ColumnType::kInteger: return integers_[row];
    case ColumnType::kFloat: return floats_[row];
    case ColumnType::kBoolean: return booleans_[row] != 0;
    case ColumnType::kValue: return values_[row];
  }
  return {};
}

}  // namespace tupu
