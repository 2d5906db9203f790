// Types, as IS :: and property constraints name them.

#include <array>

#include <fmt/format.h>

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"
#include "query/parser/parser.h"

namespace tupu {
namespace {

struct TypeWords {
  std::array<std::string_view, 3> words;  // empty: fewer
  TypeKind kind;
};

// Synonyms included. Where one begins another, the longer stands first.
constexpr std::array kTypes = {
    TypeWords{{"nothing"}, TypeKind::kNothing},
    TypeWords{{"null"}, TypeKind::kNull},
    TypeWords{{"boolean"}, TypeKind::kBoolean},
    TypeWords{{"bool"}, TypeKind::kBoolean},
    TypeWords{{"string"}, TypeKind::kString},
    TypeWords{{"varchar"}, TypeKind::kString},
    TypeWords{{"integer"}, TypeKind::kInteger},
    TypeWords{{"int"}, TypeKind::kInteger},
    TypeWords{{"signed", "integer"}, TypeKind::kInteger},
    TypeWords{{"float"}, TypeKind::kFloat},
    TypeWords{{"date"}, TypeKind::kDate},
    TypeWords{{"local", "time"}, TypeKind::kLocalTime},
    TypeWords{{"time", "without", "timezone"}, TypeKind::kLocalTime},
    TypeWords{{"zoned", "time"}, TypeKind::kZonedTime},
    TypeWords{{"time", "with", "timezone"}, TypeKind::kZonedTime},
    TypeWords{{"local", "datetime"}, TypeKind::kLocalDateTime},
    TypeWords{{"timestamp", "without", "timezone"}, TypeKind::kLocalDateTime},
    TypeWords{{"zoned", "datetime"}, TypeKind::kZonedDateTime},
    TypeWords{{"timestamp", "with", "timezone"}, TypeKind::kZonedDateTime},
    TypeWords{{"duration"}, TypeKind::kDuration},
    TypeWords{{"node"}, TypeKind::kNode},
    TypeWords{{"any", "node"}, TypeKind::kNode},
    TypeWords{{"vertex"}, TypeKind::kNode},
    TypeWords{{"any", "vertex"}, TypeKind::kNode},
    TypeWords{{"relationship"}, TypeKind::kRelationship},
    TypeWords{{"any", "relationship"}, TypeKind::kRelationship},
    TypeWords{{"edge"}, TypeKind::kRelationship},
    TypeWords{{"any", "edge"}, TypeKind::kRelationship},
    TypeWords{{"path"}, TypeKind::kPath},
    TypeWords{{"map"}, TypeKind::kMap},
    TypeWords{{"any", "map"}, TypeKind::kMap},
    TypeWords{{"property", "value"}, TypeKind::kPropertyValue},
    TypeWords{{"any", "property", "value"}, TypeKind::kPropertyValue},
    TypeWords{{"any", "value"}, TypeKind::kAny},
    TypeWords{{"any"}, TypeKind::kAny},
};

constexpr std::string_view kTypeNames =
    "BOOLEAN, STRING, INTEGER, FLOAT, DATE, LOCAL TIME, ZONED TIME, LOCAL DATETIME, ZONED DATETIME, DURATION, NODE, "
    "RELATIONSHIP, PATH, MAP, LIST<...>, PROPERTY VALUE, ANY, NOTHING, NULL";

struct FormWord {
  std::string_view word;
  NormalForm form;
};
constexpr std::array kForms = {FormWord{"nfc", NormalForm::kNfc}, FormWord{"nfd", NormalForm::kNfd},
                               FormWord{"nfkc", NormalForm::kNfkc}, FormWord{"nfkd", NormalForm::kNfkd}};

}  // namespace

/// At "::" or TYPED.
AstExpressionPtr StatementParser::ParseTypeTest(AstExpressionPtr operand, bool negated) {
  if (Take().kind == TokenKind::kColon && !Expect(TokenKind::kColon)) return nullptr;
  const SourceSpan start = operand->where;
  const uint32_t height = operand->height;
  AstTypeTest test{std::move(operand), negated, {}};
  if (!ParseTypeUnion(test.types)) return nullptr;
  return Make(start, std::move(test), height);
}

/// At [NFC] NORMALIZED.
bool StatementParser::AtNormalizedTest() {
  if (IsWord("normalized")) return true;
  for (const FormWord& form : kForms) {
    if (IsWord(form.word) && IsWord("normalized", 1)) return true;
  }
  return false;
}

AstExpressionPtr StatementParser::ParseNormalizedTest(AstExpressionPtr operand, bool negated) {
  const SourceSpan start = operand->where;
  const uint32_t height = operand->height;
  AstNormalizedTest test{std::move(operand), negated, NormalForm::kNfc};
  for (const FormWord& form : kForms) {
    if (AcceptWord(form.word)) test.form = form.form;
  }
  Take();
  return Make(start, std::move(test), height);
}

bool StatementParser::ParseTypeUnion(TypeUnion& types) {
  do {
    if (!ParseType(types.emplace_back())) return false;
  } while (!bar_separates_ && Accept(TokenKind::kBar));
  return true;
}

bool StatementParser::ParseType(TypeAlternative& type) {
  const Nesting nesting(*this);
  if (nesting_ > kMaxNesting) {
    FailTooDeep(Peek().where);
    return false;
  }
  if (IsWord("list") || IsWord("array")) {
    Take();
    type.kind = TypeKind::kList;
    const BarScope no_separator(*this, false);
    if (!Expect(TokenKind::kLess) || !ParseTypeUnion(type.element) || !Expect(TokenKind::kGreater)) return false;
  } else if (!ParseTypeName(type)) {
    return false;
  }
  if (!Is(Keyword::kNot) || !Is(Keyword::kNull, 1)) return true;
  Take();
  Take();
  type.not_null = true;
  return true;
}

bool StatementParser::ParseTypeName(TypeAlternative& type) {
  for (const TypeWords& candidate : kTypes) {
    size_t words = 0;
    while (words < candidate.words.size() && !candidate.words[words].empty() && IsWord(candidate.words[words], words)) {
      ++words;
    }
    if (words < candidate.words.size() && !candidate.words[words].empty()) continue;
    while (words-- > 0) Take();
    type.kind = candidate.kind;
    return true;
  }
  if (!IsName()) {
    NoteExpected("a type");
    return FailUnexpected();
  }
  if (IsWord("point")) return FailUnsupported(Peek().where, "The type POINT", "Keep coordinates as two FLOAT.");
  return Fail(Peek().where, "UnexpectedSyntax", fmt::format("'{}' is no type", Peek().text),
              fmt::format("The types: {}.", kTypeNames));
}

}  // namespace tupu
