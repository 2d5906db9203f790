#include "storage/columns/property_column.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "storage/keys/bytes.h"
#include "storage/keys/property_row.h"

namespace tupu {

namespace {

// A dictionary pays while values repeat: 2 bytes a code instead of a text.
constexpr size_t kMostCodes = 65'536;
constexpr size_t kTrial = 1024;  // so many values are looked at before a dictionary is given up

bool IsNumeric(ColumnForm form) {
  return form == ColumnForm::kIntegers || form == ColumnForm::kFloats || form == ColumnForm::kBooleans ||
         form == ColumnForm::kDates;
}

/// The bits that a column keeps of a value; nullopt: only a text holds it.
struct Number {
  ColumnForm form;
  uint64_t bits;
};
std::optional<Number> NumberOf(std::string_view encoded) {
  ByteReader reader(encoded.substr(1));
  Number number{};
  switch (encoded[0]) {
    case kValueFalse:
    case kValueTrue: number = {ColumnForm::kBooleans, encoded[0] == kValueTrue ? 1u : 0u}; break;
    case kValueInteger: number = {ColumnForm::kIntegers, static_cast<uint64_t>(reader.Signed())}; break;
    case kValueDate: number = {ColumnForm::kDates, static_cast<uint64_t>(reader.Signed())}; break;
    case kValueFloat: number = {ColumnForm::kFloats, reader.Fixed(8)}; break;
    default: return std::nullopt;
  }
  if (!reader.Finish("value")) return std::nullopt;  // damaged: its reader is told
  return number;
}
std::optional<Number> NumberOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kBoolean: return Number{ColumnForm::kBooleans, value.AsBoolean() ? 1u : 0u};
    case ValueType::kInteger: return Number{ColumnForm::kIntegers, static_cast<uint64_t>(value.AsInteger())};
    case ValueType::kDate: return Number{ColumnForm::kDates, static_cast<uint64_t>(value.AsDate().days)};
    case ValueType::kFloat: return Number{ColumnForm::kFloats, std::bit_cast<uint64_t>(value.AsFloat())};
    default: return std::nullopt;
  }
}

Value ValueOf(ColumnForm form, uint64_t bits) {
  switch (form) {
    case ColumnForm::kBooleans: return Value(bits != 0);
    case ColumnForm::kDates: return Value(Date{static_cast<int64_t>(bits)});
    case ColumnForm::kFloats: return Value(std::bit_cast<double>(bits));
    default: return Value(static_cast<int64_t>(bits));
  }
}

uint64_t WidthOf(uint64_t greatest) {
  if (greatest <= UINT8_MAX) return 1;
  if (greatest <= UINT16_MAX) return 2;
  return greatest <= UINT32_MAX ? 4 : 8;
}

/// The lower `width` bytes of `number`, in the order of this machine: columns are never stored.
void Put(uint8_t* at, uint64_t width, uint64_t number) {
  switch (width) {
    case 1: *at = static_cast<uint8_t>(number); return;
    case 2: {
      const auto v = static_cast<uint16_t>(number);
      std::memcpy(at, &v, 2);
      return;
    }
    case 4: {
      const auto v = static_cast<uint32_t>(number);
      std::memcpy(at, &v, 4);
      return;
    }
    default: std::memcpy(at, &number, 8);
  }
}

}  // namespace

// --- Reading ---

uint64_t PropertyColumn::bytes() const {
  return groups_.size() * sizeof(groups_[0]) + packed_.size() + dictionary_bytes_ + ends_.bytes() + texts_.size();
}

std::string_view PropertyColumn::TextAt(uint64_t position) const {
  const uint64_t begin = position == 0 ? 0 : ends_[position - 1];
  return std::string_view(texts_).substr(begin, ends_[position] - begin);
}

Result<Value> PropertyColumn::At(uint64_t position) const {
  if (position == kNone) return Value();
  switch (form_) {
    case ColumnForm::kEmpty: return Value();
    case ColumnForm::kIntegers:
    case ColumnForm::kDates: return ValueOf(form_, static_cast<uint64_t>(least_) + NumberAt(position));
    case ColumnForm::kFloats:
    case ColumnForm::kBooleans: return ValueOf(form_, NumberAt(position));
    case ColumnForm::kDictionary: return dictionary_[NumberAt(position)];
    case ColumnForm::kEncoded: return DecodeValue(TextAt(position));
  }
  return Value();
}

// --- Building ---

uint64_t PropertyColumnBuilder::bytes() const {
  return ids_.bytes() + numbers_.size() * sizeof(numbers_[0]) + codes_bytes_ + texts_.size();
}

void PropertyColumnBuilder::AppendEncoded(uint64_t id, std::string_view encoded) {
  if (const auto number = encoded.empty() ? std::nullopt : NumberOf(encoded)) {
    return AppendNumber(id, number->form, number->bits);
  }
  if (IsNumeric(form_)) TurnIntoTexts();
  ascending_ = ascending_ && (ids_.size() == 0 || id > last_id_);
  last_id_ = id;
  ids_.Append(std::min(id, next_id_));  // of the width of ids; Finish refuses it
  AppendText(encoded);
}

void PropertyColumnBuilder::Append(uint64_t id, const Value& value) {
  if (const auto number = NumberOf(value)) return AppendNumber(id, number->form, number->bits);
  std::string encoded;
  AppendValue(encoded, value);
  AppendEncoded(id, encoded);
}

void PropertyColumnBuilder::AppendNumber(uint64_t id, ColumnForm form, uint64_t number) {
  if (form_ == ColumnForm::kEmpty) form_ = form;
  if (form_ != form && IsNumeric(form_)) TurnIntoTexts();
  ascending_ = ascending_ && (ids_.size() == 0 || id > last_id_);
  last_id_ = id;
  ids_.Append(std::min(id, next_id_));
  if (form_ == form) {
    numbers_.push_back(number);
    return;
  }
  scratch_.clear();
  AppendValue(scratch_, ValueOf(form, number));
  AppendText(scratch_);
}

void PropertyColumnBuilder::AppendText(std::string_view encoded) {
  if (form_ == ColumnForm::kEmpty) form_ = ColumnForm::kDictionary;
  if (form_ == ColumnForm::kDictionary) {
    const auto [code, added] = codes_.try_emplace(std::string(encoded), codes_.size());
    if (added) codes_bytes_ += encoded.size() + 64;  // with a node of the table
    numbers_.push_back(code->second);
    if (codes_.size() > kMostCodes || (numbers_.size() >= kTrial && codes_.size() > numbers_.size() / 2)) {
      GiveUpDictionary();
    }
    return;
  }
  texts_.append(encoded);
  numbers_.push_back(texts_.size());
}

/// What was a number until now becomes a text.
void PropertyColumnBuilder::TurnIntoTexts() {
  const std::vector<uint64_t> numbers = std::move(numbers_);
  const ColumnForm form = form_;
  numbers_.clear();
  form_ = ColumnForm::kEmpty;
  std::string encoded;
  for (const uint64_t number : numbers) {
    encoded.clear();
    AppendValue(encoded, ValueOf(form, number));
    AppendText(encoded);
  }
}

void PropertyColumnBuilder::GiveUpDictionary() {
  std::vector<const std::string*> by_code(codes_.size());
  for (const auto& [text, code] : codes_) by_code[code] = &text;
  for (uint64_t& number : numbers_) {
    texts_.append(*by_code[number]);
    number = texts_.size();
  }
  codes_ = {};
  codes_bytes_ = 0;
  form_ = ColumnForm::kEncoded;
}

Result<PropertyColumn> PropertyColumnBuilder::Finish() {
  PropertyColumn column;
  column.form_ = form_;
  column.num_values_ = ids_.size();
  if (column.num_values_ == 0) return column;
  TUPU_TRY(PlaceIds(column));
  std::vector<uint64_t> positions;  // empty: as they came
  if (!ascending_) {
    positions.resize(ids_.size());
    for (size_t i = 0; i < positions.size(); ++i) positions[i] = column.PositionOf(ids_[i]);
  }
  ids_ = IdColumn();
  if (form_ == ColumnForm::kEncoded) {
    PlaceTexts(column, positions);
    return column;
  }
  if (form_ == ColumnForm::kDictionary) {
    TUPU_TRY(PlaceCodes(column, positions));
    return column;
  }
  PlaceNumbers(column, positions);
  return column;
}

Status PropertyColumnBuilder::PlaceIds(PropertyColumn& column) {
  uint64_t least = UINT64_MAX;
  uint64_t greatest = 0;
  for (size_t i = 0; i < ids_.size(); ++i) {
    least = std::min(least, ids_[i]);
    greatest = std::max(greatest, ids_[i]);
  }
  if (greatest >= next_id_) return CorruptionOf("property", "of a vertex or an edge that was never made");
  column.first_group_ = least / 64;
  column.groups_.resize(greatest / 64 - least / 64 + 1);
  for (size_t i = 0; i < ids_.size(); ++i) {
    uint64_t& bits = column.groups_[ids_[i] / 64 - column.first_group_].bits;
    const uint64_t bit = uint64_t{1} << (ids_[i] % 64);
    if ((bits & bit) != 0) return CorruptionOf("property", "one edge stands in two places");
    bits |= bit;
  }
  uint64_t before = 0;
  for (PropertyColumn::Group& group : column.groups_) {
    group.values_before = before;
    before += CountBits(group.bits);
  }
  return {};
}

void PropertyColumnBuilder::PlaceNumbers(PropertyColumn& column, std::span<const uint64_t> positions) {
  column.width_ = form_ == ColumnForm::kFloats ? 8 : 1;
  if (form_ == ColumnForm::kIntegers || form_ == ColumnForm::kDates) {
    const auto less = [](uint64_t a, uint64_t b) { return static_cast<int64_t>(a) < static_cast<int64_t>(b); };
    const auto [least, greatest] = std::minmax_element(numbers_.begin(), numbers_.end(), less);
    column.least_ = static_cast<int64_t>(*least);
    column.width_ = WidthOf(*greatest - *least);
  }
  if (form_ == ColumnForm::kDictionary) column.width_ = WidthOf(codes_.size() - 1);
  column.packed_.resize(numbers_.size() * column.width_);
  for (size_t i = 0; i < numbers_.size(); ++i) {
    const uint64_t position = positions.empty() ? i : positions[i];
    Put(column.packed_.data() + position * column.width_, column.width_,
        numbers_[i] - static_cast<uint64_t>(column.least_));
  }
}

Status PropertyColumnBuilder::PlaceCodes(PropertyColumn& column, std::span<const uint64_t> positions) {
  column.dictionary_.resize(codes_.size());
  for (const auto& [text, code] : codes_) {
    TUPU_TRY_ASSIGN(column.dictionary_[code], DecodeValue(text));
    column.dictionary_bytes_ += sizeof(Value) + 48 + text.size();
  }
  PlaceNumbers(column, positions);
  return {};
}

void PropertyColumnBuilder::PlaceTexts(PropertyColumn& column, std::span<const uint64_t> positions) {
  column.ends_ = IdColumn(texts_.size() > UINT32_MAX);
  column.ends_.Reserve(numbers_.size());
  if (positions.empty()) {
    for (const uint64_t end : numbers_) column.ends_.Append(end);
    column.texts_ = std::move(texts_);
    column.texts_.shrink_to_fit();
    return;
  }
  std::vector<uint64_t> came(positions.size());  // as which the text of a position came
  for (size_t i = 0; i < positions.size(); ++i) came[positions[i]] = i;
  column.texts_.reserve(texts_.size());
  for (const uint64_t i : came) {
    const uint64_t begin = i == 0 ? 0 : numbers_[i - 1];
    column.texts_.append(texts_, begin, numbers_[i] - begin);
    column.ends_.Append(column.texts_.size());
  }
}

}  // namespace tupu
