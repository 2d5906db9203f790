#include "query/value/static_type.h"

#include <algorithm>
#include <array>
#include <string>

namespace tupu {
namespace {

struct KindName {
  StaticKind kind;
  std::string_view name;
};

constexpr std::array kKindNames = {
    KindName{StaticKind::kAny, "ANY"},
    KindName{StaticKind::kNull, "NULL"},
    KindName{StaticKind::kBoolean, "BOOLEAN"},
    KindName{StaticKind::kInteger, "INTEGER"},
    KindName{StaticKind::kFloat, "FLOAT"},
    KindName{StaticKind::kNumber, "NUMBER"},
    KindName{StaticKind::kString, "STRING"},
    KindName{StaticKind::kMap, "MAP"},
    KindName{StaticKind::kNode, "NODE"},
    KindName{StaticKind::kRelationship, "RELATIONSHIP"},
    KindName{StaticKind::kPath, "PATH"},
    KindName{StaticKind::kDate, "DATE"},
    KindName{StaticKind::kLocalTime, "LOCAL TIME"},
    KindName{StaticKind::kTime, "TIME"},
    KindName{StaticKind::kLocalDateTime, "LOCAL DATETIME"},
    KindName{StaticKind::kDateTime, "DATETIME"},
    KindName{StaticKind::kDuration, "DURATION"},
};

constexpr uint8_t kDeepestList = 250;  // deeper ones are "a list of anything"

bool IsNumber(StaticKind kind) {
  return kind == StaticKind::kInteger || kind == StaticKind::kFloat || kind == StaticKind::kNumber;
}

StaticType TypeOfList(const List& list) {
  if (list.empty()) return {StaticKind::kAny, 1};
  StaticType element = StaticTypeOf(list.front());
  for (const Value& value : list) element = CommonType(element, StaticTypeOf(value));
  return ListOf(element);
}

}  // namespace

std::string ToString(StaticType type) {
  std::string out;
  for (int i = 0; i < type.list_depth; ++i) out += "LIST OF ";
  const auto found = std::find_if(kKindNames.begin(), kKindNames.end(),
                                  [type](const KindName& entry) { return entry.kind == type.kind; });
  return out.append(found->name);
}

StaticType StaticTypeOf(const Value& value) {
  switch (value.type()) {
    case ValueType::kNull: return {StaticKind::kNull};
    case ValueType::kBoolean: return {StaticKind::kBoolean};
    case ValueType::kInteger: return {StaticKind::kInteger};
    case ValueType::kFloat: return {StaticKind::kFloat};
    case ValueType::kString: return {StaticKind::kString};
    case ValueType::kList: return TypeOfList(value.AsList());
    case ValueType::kMap: return {StaticKind::kMap};
    case ValueType::kVertex:
    case ValueType::kVertexReference: return {StaticKind::kNode};
    case ValueType::kEdge:
    case ValueType::kEdgeReference: return {StaticKind::kRelationship};
    case ValueType::kPath:
    case ValueType::kPathReference: return {StaticKind::kPath};
    case ValueType::kDate: return {StaticKind::kDate};
    case ValueType::kLocalTime: return {StaticKind::kLocalTime};
    case ValueType::kTime: return {StaticKind::kTime};
    case ValueType::kLocalDateTime: return {StaticKind::kLocalDateTime};
    case ValueType::kDateTime: return {StaticKind::kDateTime};
    case ValueType::kDuration: return {StaticKind::kDuration};
  }
  return {};
}

StaticType CommonType(StaticType a, StaticType b) {
  if (a == b) return a;
  if (a == StaticType{StaticKind::kNull}) return b;
  if (b == StaticType{StaticKind::kNull}) return a;
  if (a.list_depth == b.list_depth && IsNumber(a.kind) && IsNumber(b.kind)) return {StaticKind::kNumber, a.list_depth};
  return {StaticKind::kAny, a.IsList() && b.IsList() ? uint8_t{1} : uint8_t{0}};
}

StaticType ElementType(StaticType list) {
  if (!list.IsList()) return {};
  return {list.kind, static_cast<uint8_t>(list.list_depth - 1)};
}

StaticType ListOf(StaticType element) {
  if (element.list_depth >= kDeepestList) return {StaticKind::kAny, 1};
  return {element.kind, static_cast<uint8_t>(element.list_depth + 1)};
}

bool MayBe(StaticType type, StaticType wanted) {
  if (wanted == StaticType{}) return true;
  if (!type.IsList() && (type.kind == StaticKind::kAny || type.kind == StaticKind::kNull)) return true;
  if (wanted.IsList() != type.IsList()) return false;
  if (wanted.IsList()) return MayBe(ElementType(type), ElementType(wanted));
  if (type.kind == wanted.kind) return true;
  return IsNumber(type.kind) && IsNumber(wanted.kind) &&
         (type.kind == StaticKind::kNumber || wanted.kind == StaticKind::kNumber || wanted.kind == StaticKind::kFloat);
}

StaticType ParseStaticType(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '?') plain.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  StaticType type;
  std::string_view rest = plain;
  for (constexpr std::string_view kListOf = "LIST OF "; rest.starts_with(kListOf); rest.remove_prefix(kListOf.size())) {
    type = ListOf(type);
  }
  if (rest == "LIST") return ListOf(type);
  const auto found =
      std::find_if(kKindNames.begin(), kKindNames.end(), [rest](const KindName& entry) { return entry.name == rest; });
  if (found != kKindNames.end()) type.kind = found->kind;
  return type;
}

}  // namespace tupu
