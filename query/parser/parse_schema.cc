// CREATE and DROP of INDEX and CONSTRAINT. The words of these statements are no keywords elsewhere.

#include <array>
#include <optional>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"

namespace tupu {
namespace {

constexpr std::array<std::string_view, 6> kOtherKinds = {"text", "point", "vector", "fulltext", "lookup", "btree"};

// None: no property can have it.
std::optional<ValueType> PropertyTypeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean: return ValueType::kBoolean;
    case TypeKind::kString: return ValueType::kString;
    case TypeKind::kInteger: return ValueType::kInteger;
    case TypeKind::kFloat: return ValueType::kFloat;
    case TypeKind::kDate: return ValueType::kDate;
    case TypeKind::kLocalTime: return ValueType::kLocalTime;
    case TypeKind::kZonedTime: return ValueType::kTime;
    case TypeKind::kLocalDateTime: return ValueType::kLocalDateTime;
    case TypeKind::kZonedDateTime: return ValueType::kDateTime;
    case TypeKind::kDuration: return ValueType::kDuration;
    default: return std::nullopt;
  }
}

}  // namespace

bool StatementParser::AcceptWord(std::string_view lower_case) {
  if (!IsWord(lower_case)) return false;
  Take();
  return true;
}

bool StatementParser::ExpectWord(std::string_view upper_case) {
  std::string lower(upper_case);
  for (char& c : lower) c = static_cast<char>(c - 'A' + 'a');
  if (AcceptWord(lower)) return true;
  NoteExpected(upper_case);
  return FailUnexpected();
}

bool StatementParser::AtSchemaCommand() {
  if (!Is(Keyword::kCreate) && !Is(Keyword::kDrop)) return false;
  if (!Is(TokenKind::kName, 1)) return false;
  if (Is(TokenKind::kEqual, 2)) return false;  // CREATE index = (a)-[:R]->(b): a path
  if (IsWord("index", 1) || IsWord("constraint", 1) || IsWord("range", 1)) return true;
  if (Is(Keyword::kOr, 1)) return true;  // CREATE OR REPLACE
  for (const std::string_view kind : kOtherKinds)
    if (IsWord(kind, 1)) return true;
  return false;
}

bool StatementParser::ParseIndexKind() {
  if (Is(Keyword::kOr)) return FailUnsupported(Peek().where, "OR REPLACE", "DROP it first.");
  for (const std::string_view kind : kOtherKinds) {
    if (!IsWord(kind)) continue;
    const SourceSpan where = Peek().where;
    std::string upper(kind);
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    const bool text = kind == "text" || kind == "btree";
    return FailUnsupported(where, fmt::format("A {} index", upper),
                           text ? "CREATE INDEX makes a range index, which answers =, <, IN and STARTS WITH."
                                : "CREATE INDEX makes a range index.");
  }
  AcceptWord("range");
  return true;
}

bool StatementParser::ParseSchemaCommand(AstSchemaCommand& command) {
  command.where = Peek().where;
  const bool drop = Take().keyword == Keyword::kDrop;
  if (!ParseIndexKind()) return false;
  const bool constraint = AcceptWord("constraint");
  if (!constraint && !ExpectWord("INDEX")) return false;
  if (drop) {
    command.action = constraint ? AstSchemaAction::kDropConstraint : AstSchemaAction::kDropIndex;
    if (Is(Keyword::kOn)) {
      return Fail(Peek().where, "UnexpectedSyntax", "an index is dropped by its name",
                  constraint ? "SHOW CONSTRAINTS lists the names." : "SHOW INDEXES lists the names.");
    }
    if (!ParseVariable(command.name.emplace())) return false;
    if (AcceptWord("if")) {
      if (!Expect(Keyword::kExists)) return false;
      command.conditional = true;
    }
    command.where = SpanFrom(command.where);
    return true;
  }
  command.action = constraint ? AstSchemaAction::kCreateConstraint : AstSchemaAction::kCreateIndex;
  if (!ParseSchemaHead(command) || !ParseSchemaPattern(command)) return false;
  if (constraint) {
    if (IsWord("assert")) {
      return Fail(Peek().where, "UnexpectedSyntax", "ASSERT is the syntax of old",
                  "Write FOR (n:Label) REQUIRE n.key IS UNIQUE.");
    }
    if (!ExpectWord("REQUIRE") || !ParseSchemaProperties(command) || !ParseRequirement(command)) return false;
  } else if (!Expect(Keyword::kOn) || !ParseSchemaProperties(command)) {
    return false;
  }
  if (IsWord("options")) return FailUnsupported(Peek().where, "OPTIONS", "Leave it out.");
  command.where = SpanFrom(command.where);
  return true;
}

/// [name] [IF NOT EXISTS], up to FOR.
bool StatementParser::ParseSchemaHead(AstSchemaCommand& command) {
  if (Is(Keyword::kOn)) {
    return Fail(Peek().where, "UnexpectedSyntax", "what the index is on comes after FOR",
                "Write CREATE INDEX name FOR (n:Label) ON (n.key).");
  }
  const bool named =
      IsName() && !(IsWord("if") && Is(Keyword::kNot, 1)) && !(IsWord("for") && Is(TokenKind::kLeftParenthesis, 1));
  if (named && !ParseVariable(command.name.emplace())) return false;
  if (AcceptWord("if")) {
    if (!Expect(Keyword::kNot) || !Expect(Keyword::kExists)) return false;
    command.conditional = true;
  }
  return ExpectWord("FOR");
}

/// (n:Label) or ()-[r:TYPE]-(), with an arrow or without.
bool StatementParser::ParseSchemaPattern(AstSchemaCommand& command) {
  if (!Expect(TokenKind::kLeftParenthesis)) return false;
  command.on_edges = Accept(TokenKind::kRightParenthesis);
  if (command.on_edges) {
    const bool left = Accept(TokenKind::kLess);
    if (!Expect(TokenKind::kMinus) || !Expect(TokenKind::kLeftBracket)) return false;
    if (!ParseVariable(command.variable) || !Expect(TokenKind::kColon) || !ParseSchemaName(command.schema))
      return false;
    if (!Expect(TokenKind::kRightBracket) || !Expect(TokenKind::kMinus)) return false;
    if (!left) Accept(TokenKind::kGreater);
    return Expect(TokenKind::kLeftParenthesis) && Expect(TokenKind::kRightParenthesis);
  }
  return ParseVariable(command.variable) && Expect(TokenKind::kColon) && ParseSchemaName(command.schema) &&
         Expect(TokenKind::kRightParenthesis);
}

bool StatementParser::ParseSchemaProperties(AstSchemaCommand& command) {
  const bool parenthesized = Accept(TokenKind::kLeftParenthesis);
  do {
    AstSchemaProperty& property = command.properties.emplace_back();
    if (!ParseVariable(property.variable) || !Expect(TokenKind::kDot) || !ParseSchemaName(property.key)) return false;
  } while (parenthesized && Accept(TokenKind::kComma));
  return !parenthesized || Expect(TokenKind::kRightParenthesis);
}

bool StatementParser::ParseRequirement(AstSchemaCommand& command) {
  if (!Expect(Keyword::kIs)) return false;
  command.kind_where = Peek().where;
  if (Accept(Keyword::kNot)) {
    command.constraint = AstConstraintKind::kNotNull;
    if (!Expect(Keyword::kNull)) return false;
  } else if (AcceptWord("typed")) {
    command.constraint = AstConstraintKind::kTyped;
    if (!ParsePropertyTypes(command)) return false;
  } else if (Accept(TokenKind::kColon)) {
    command.constraint = AstConstraintKind::kTyped;
    if (!Expect(TokenKind::kColon) || !ParsePropertyTypes(command)) return false;
  } else {
    if (AcceptWord("node")) {
      command.says_edges = false;
    } else if (AcceptWord("relationship") || AcceptWord("rel")) {
      command.says_edges = true;
    }
    if (AcceptWord("key")) {
      command.constraint = AstConstraintKind::kKey;
    } else if (AcceptWord("unique")) {
      command.constraint = AstConstraintKind::kUnique;
    } else {
      for (const std::string_view word : {"UNIQUE", "NOT NULL", "KEY", "NODE KEY", "RELATIONSHIP KEY", "::"})
        NoteExpected(word);
      return FailUnexpected();
    }
  }
  command.kind_where = SpanFrom(command.kind_where);
  return true;
}

/// The types of a constraint: those of IS :: that a property can have.
bool StatementParser::ParsePropertyTypes(AstSchemaCommand& command) {
  const SourceSpan start = Peek().where;
  TypeUnion types;
  if (!ParseTypeUnion(types)) return false;
  for (const TypeAlternative& each : types) {
    const bool list = each.kind == TypeKind::kList;
    const TypeAlternative& type = list ? each.element.front() : each;
    if (list && type.kind == TypeKind::kList) {
      return Fail(SpanFrom(start), "UnexpectedSyntax", "a property cannot hold a list of lists");
    }
    if (list && (each.element.size() > 1 || !type.not_null)) {
      return Fail(SpanFrom(start), "UnexpectedSyntax", "a list in a property holds one type and no null",
                  "Write LIST<STRING NOT NULL>.");
    }
    const std::optional<ValueType> value_type = PropertyTypeOf(type.kind);
    if (!value_type || each.not_null) {
      return Fail(SpanFrom(start), "UnexpectedSyntax", "this is no type that a property constraint can ask for",
                  "BOOLEAN, STRING, INTEGER, FLOAT, DATE, LOCAL TIME, ZONED TIME, LOCAL DATETIME, ZONED DATETIME, "
                  "DURATION, LIST<... NOT NULL>; IS NOT NULL is a constraint of its own.");
    }
    command.types.push_back({*value_type, list});
  }
  return true;
}

}  // namespace tupu
