// CREATE, DROP and SHOW of INDEX and CONSTRAINT. The words of these statements are no keywords elsewhere.

#include <array>

#include <fmt/format.h>

#include "query/parser/internal/statement_parser.h"

namespace tupu {
namespace {

constexpr std::array<std::string_view, 6> kOtherKinds = {"text", "point", "vector", "fulltext", "lookup", "btree"};

struct TypeWords {
  std::string_view first;
  std::string_view second;  // empty: one word
  ValueType type;
};

// As IS :: names them, synonyms included.
constexpr std::array kTypes = {
    TypeWords{"boolean", "", ValueType::kBoolean},
    TypeWords{"bool", "", ValueType::kBoolean},
    TypeWords{"string", "", ValueType::kString},
    TypeWords{"varchar", "", ValueType::kString},
    TypeWords{"integer", "", ValueType::kInteger},
    TypeWords{"int", "", ValueType::kInteger},
    TypeWords{"signed", "integer", ValueType::kInteger},
    TypeWords{"float", "", ValueType::kFloat},
    TypeWords{"date", "", ValueType::kDate},
    TypeWords{"local", "time", ValueType::kLocalTime},
    TypeWords{"zoned", "time", ValueType::kTime},
    TypeWords{"local", "datetime", ValueType::kLocalDateTime},
    TypeWords{"zoned", "datetime", ValueType::kDateTime},
    TypeWords{"duration", "", ValueType::kDuration},
};

// What SHOW gives when nothing is asked for; YIELD knows more.
constexpr std::array<std::string_view, 12> kIndexColumns = {
    "id",         "name",          "state",      "populationPercent", "type",
    "entityType", "labelsOrTypes", "properties", "indexProvider",     "owningConstraint",
    "lastRead",   "readCount"};
constexpr std::array<std::string_view, 8> kConstraintColumns = {
    "id", "name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex", "propertyType"};

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

bool StatementParser::ParsePropertyTypes(AstSchemaCommand& command) {
  do {
    if (!ParsePropertyType(command.types.emplace_back())) return false;
  } while (Accept(TokenKind::kBar));
  return true;
}

bool StatementParser::ParsePropertyType(AstPropertyType& type) {
  if (IsWord("list") || IsWord("array")) {
    Take();
    AstPropertyType element;
    if (!Expect(TokenKind::kLess)) return false;
    if (IsWord("list") || IsWord("array")) {
      return Fail(Peek().where, "UnexpectedSyntax", "a property cannot hold a list of lists");
    }
    if (!ParsePropertyType(element)) return false;
    if (!Expect(Keyword::kNot) || !Expect(Keyword::kNull)) return false;  // a stored list holds no null
    type = {element.type, true};
    return Expect(TokenKind::kGreater);
  }
  for (const TypeWords& words : kTypes) {
    if (!IsWord(words.first) || (!words.second.empty() && !IsWord(words.second, 1))) continue;
    Take();
    if (!words.second.empty()) Take();
    type = {words.type, false};
    return true;
  }
  if (!IsName()) {
    NoteExpected("a type");
    return FailUnexpected();
  }
  return Fail(
      Peek().where, "UnexpectedSyntax", fmt::format("'{}' is no type that a property can have", Peek().text),
      "BOOLEAN, STRING, INTEGER, FLOAT, DATE, LOCAL TIME, ZONED TIME, LOCAL DATETIME, ZONED DATETIME, DURATION, "
      "LIST<... NOT NULL>");
}

/// SHOW [RANGE] INDEXES, SHOW CONSTRAINTS, then YIELD, WHERE, RETURN as after CALL.
bool StatementParser::ParseShow(AstQuery& query) {
  AstSingleQuery& branch = query.branches.emplace_back();
  AstClause clause;
  clause.where = branch.where = Peek().where;
  Take();
  Accept(Keyword::kAll);
  AstCall call;
  call.procedure.where = Peek().where;
  const bool constraints = IsWord("constraint") || IsWord("constraints");
  if (constraints) {
    Take();
  } else {
    if (!Is(TokenKind::kName) || !(IsWord("index") || IsWord("indexes") || IsWord("range") || IsWord("text") ||
                                   IsWord("point") || IsWord("vector") || IsWord("fulltext") || IsWord("lookup"))) {
      return FailUnsupported(Peek().where, fmt::format("SHOW {}", Peek().text),
                             "SHOW INDEXES and SHOW CONSTRAINTS are.");
    }
    if (!ParseIndexKind()) return false;
    if (!AcceptWord("indexes") && !AcceptWord("index")) {
      NoteExpected("INDEXES");
      return FailUnexpected();
    }
  }
  call.procedure.text = constraints ? "SHOW CONSTRAINTS" : "SHOW INDEXES";
  call.procedure.where = SpanFrom(call.procedure.where);
  if (Accept(Keyword::kYield)) {
    if (!ParseYield(call)) return false;
  } else {
    call.has_yield = true;
    const auto add = [&](std::string_view column) {
      call.yields.push_back({{std::string(column), call.procedure.where}, std::nullopt});
    };
    if (constraints) {
      for (const std::string_view column : kConstraintColumns) add(column);
    } else {
      for (const std::string_view column : kIndexColumns) add(column);
    }
    if (!ParseOptionalWhere(call.where)) return false;
  }
  call.arguments.emplace();
  clause.node = std::move(call);
  branch.clauses.push_back(std::move(clause));
  if (Is(Keyword::kReturn)) {
    AstClause projection;
    projection.where = Peek().where;
    Take();
    if (!ParseProjection(projection, true)) return false;
    branch.clauses.push_back(std::move(projection));
  }
  branch.where = SpanFrom(branch.where);
  return true;
}

}  // namespace tupu
