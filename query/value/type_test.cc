#include "query/value/type_test.h"

#include <algorithm>

#include <unicode/normalizer2.h>

#include "storage/base/storable.h"

namespace tupu {

namespace {

bool IsOfKind(const Value& value, const TypeAlternative& type) {
  const ValueType have = value.type();
  switch (type.kind) {
    case TypeKind::kNothing:
    case TypeKind::kNull: return false;
    case TypeKind::kBoolean: return have == ValueType::kBoolean;
    case TypeKind::kString: return have == ValueType::kString;
    case TypeKind::kInteger: return have == ValueType::kInteger;
    case TypeKind::kFloat: return have == ValueType::kFloat;
    case TypeKind::kDate: return have == ValueType::kDate;
    case TypeKind::kLocalTime: return have == ValueType::kLocalTime;
    case TypeKind::kZonedTime: return have == ValueType::kTime;
    case TypeKind::kLocalDateTime: return have == ValueType::kLocalDateTime;
    case TypeKind::kZonedDateTime: return have == ValueType::kDateTime;
    case TypeKind::kDuration: return have == ValueType::kDuration;
    case TypeKind::kNode: return have == ValueType::kVertex || have == ValueType::kVertexReference;
    case TypeKind::kRelationship: return have == ValueType::kEdge || have == ValueType::kEdgeReference;
    case TypeKind::kPath: return have == ValueType::kPath || have == ValueType::kPathReference;
    case TypeKind::kMap: return have == ValueType::kMap;
    case TypeKind::kList:
      return have == ValueType::kList &&
             std::all_of(value.AsList().begin(), value.AsList().end(),
                         [&](const Value& element) { return IsOfType(element, type.element); });
    case TypeKind::kPropertyValue: return IsStorable(value);
    case TypeKind::kAny: return true;
  }
  return false;
}

bool AcceptsNull(const TypeAlternative& type) {
  return !type.not_null && type.kind != TypeKind::kNothing;
}

constexpr std::string_view kKindNames[] = {
    "NOTHING",    "NULL",       "BOOLEAN",        "STRING",         "INTEGER",  "FLOAT", "DATE",
    "LOCAL TIME", "ZONED TIME", "LOCAL DATETIME", "ZONED DATETIME", "DURATION", "NODE",  "RELATIONSHIP",
    "PATH",       "MAP",        "LIST",           "PROPERTY VALUE", "ANY"};

}  // namespace

bool IsOfType(const Value& value, const TypeUnion& types) {
  return std::any_of(types.begin(), types.end(), [&](const TypeAlternative& type) {
    return value.is_null() ? AcceptsNull(type) : IsOfKind(value, type);
  });
}

std::string ToString(const TypeUnion& types) {
  std::string text;
  for (const TypeAlternative& type : types) {
    if (!text.empty()) text += " | ";
    text += kKindNames[static_cast<size_t>(type.kind)];
    if (type.kind == TypeKind::kList) text += "<" + ToString(type.element) + ">";
    if (type.not_null) text += " NOT NULL";
  }
  return text;
}

std::string_view Name(NormalForm form) {
  constexpr std::string_view kNames[] = {"NFC", "NFD", "NFKC", "NFKD"};
  return kNames[static_cast<size_t>(form)];
}

bool IsNormalized(std::string_view text, NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = nullptr;
  switch (form) {
    case NormalForm::kNfc: normalizer = icu::Normalizer2::getNFCInstance(status); break;
    case NormalForm::kNfd: normalizer = icu::Normalizer2::getNFDInstance(status); break;
    case NormalForm::kNfkc: normalizer = icu::Normalizer2::getNFKCInstance(status); break;
    case NormalForm::kNfkd: normalizer = icu::Normalizer2::getNFKDInstance(status); break;
  }
  if (U_FAILURE(status)) return false;
  const bool normalized =
      normalizer->isNormalizedUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), status);
  return U_SUCCESS(status) && normalized;
}

}  // namespace tupu
