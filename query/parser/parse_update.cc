// CREATE, MERGE, SET, REMOVE, DELETE.

#include "query/parser/internal/make_expression.h"
#include "query/parser/internal/statement_parser.h"

namespace tupu {

bool StatementParser::ParseCreate(AstClause& clause) {
  AstCreate create;
  if (!ParsePatternParts(create.parts)) return false;
  clause.node = std::move(create);
  return true;
}

bool StatementParser::ParseMerge(AstClause& clause) {
  AstMerge merge;
  if (!ParsePatternPart(merge.part)) return false;
  while (Accept(Keyword::kOn)) {
    const bool on_create = Accept(Keyword::kCreate);
    if (!on_create && !Expect(Keyword::kMatch)) return false;
    if (!Expect(Keyword::kSet) || !ParseSetItems(on_create ? merge.on_create : merge.on_match)) return false;
  }
  clause.node = std::move(merge);
  return true;
}

bool StatementParser::ParseSet(AstClause& clause) {
  AstSet set;
  if (!ParseSetItems(set.items)) return false;
  clause.node = std::move(set);
  return true;
}

// SET and REMOVE name labels, A&B or A:B; they do not ask for some.
bool StatementParser::TakePlainLabels(const SourceSpan& where, const LabelExpression& from,
                                      std::vector<std::string>& labels) {
  std::optional<std::vector<std::string>> names = from.NamesOf(LabelExpression::Kind::kAnd);
  if (!names) return Fail(where, "UnexpectedSyntax", "labels to set or remove are named, not described by | ! or %");
  labels = std::move(*names);
  return true;
}

bool StatementParser::ParseSetItems(std::vector<AstSetItem>& items) {
  do {
    if (!ParseSetItem(items.emplace_back())) return false;
  } while (Accept(TokenKind::kComma));
  return true;
}

bool StatementParser::AtComputedLabels() {
  if (!IsVariable()) return false;
  size_t ahead = 1;
  while (IsLabelSeparator(ahead) && IsName(ahead + 1)) ahead += 2;
  return IsLabelSeparator(ahead) && Is(TokenKind::kDollar, ahead + 1);
}

/// n:A:$(expression)
bool StatementParser::ParseComputedLabels(AstExpressionPtr& target, AstLabels& labels) {
  AstName variable;
  if (!ParseVariable(variable)) return false;
  target = Make(variable.where, AstVariable{std::move(variable.text)});
  while (IsLabelSeparator()) {
    Take();
    if (!Accept(TokenKind::kDollar)) {
      AstName name;
      if (!ParseSchemaName(name)) return false;
      labels.names.push_back(std::move(name.text));
      continue;
    }
    if (!Expect(TokenKind::kLeftParenthesis)) return false;
    labels.computed.push_back(ParseExpression());
    if (!labels.computed.back() || !Expect(TokenKind::kRightParenthesis)) return false;
  }
  return true;
}

bool StatementParser::ParseSetItem(AstSetItem& item) {
  item.where = Peek().where;
  if (AtComputedLabels()) {
    item.set_kind = AstSetItem::Kind::kLabels;
    if (!ParseComputedLabels(item.target, item.labels)) return false;
    item.where = SpanFrom(item.where);
    return true;
  }
  item.target = ParsePostfix();
  if (!item.target) return false;
  if (auto* labels = item.target->As<AstLabelTest>()) {
    item.set_kind = AstSetItem::Kind::kLabels;
    if (!TakePlainLabels(item.target->where, labels->labels, item.labels.names)) return false;
    AstExpressionPtr base = std::move(labels->base);
    item.target = std::move(base);
    item.where = SpanFrom(item.where);
    return true;
  }
  if (auto* index = item.target->As<AstIndex>()) {
    item.set_kind = AstSetItem::Kind::kComputedProperty;
    item.computed_key = std::move(index->index);
    AstExpressionPtr base = std::move(index->base);
    item.target = std::move(base);
    if (!Expect(TokenKind::kEqual)) return false;
  } else if (auto* property = item.target->As<AstProperty>()) {
    item.set_kind = AstSetItem::Kind::kProperty;
    item.key = std::move(property->key);
    AstExpressionPtr base = std::move(property->base);
    item.target = std::move(base);
    if (!Expect(TokenKind::kEqual)) return false;
  } else if (item.target->As<AstVariable>() && Accept(TokenKind::kPlusEqual)) {
    item.set_kind = AstSetItem::Kind::kAdd;
  } else if (item.target->As<AstVariable>() && Accept(TokenKind::kEqual)) {
    item.set_kind = AstSetItem::Kind::kReplace;
  } else {
    return FailUnexpected();
  }
  item.value = ParseExpression();
  item.where = SpanFrom(item.where);
  return item.value != nullptr;
}

bool StatementParser::ParseRemove(AstClause& clause) {
  AstRemove remove;
  do {
    AstRemoveItem item;
    item.where = Peek().where;
    if (AtComputedLabels()) {
      if (!ParseComputedLabels(item.target, item.labels)) return false;
      item.where = SpanFrom(item.where);
      remove.items.push_back(std::move(item));
      continue;
    }
    AstExpressionPtr written = ParsePostfix();
    if (!written) return false;
    item.where = SpanFrom(item.where);
    if (auto* labels = written->As<AstLabelTest>()) {
      if (!TakePlainLabels(written->where, labels->labels, item.labels.names)) return false;
      item.target = std::move(labels->base);
    } else if (auto* index = written->As<AstIndex>()) {
      item.computed_key = std::move(index->index);
      item.target = std::move(index->base);
    } else if (auto* property = written->As<AstProperty>()) {
      item.key = std::move(property->key);
      item.target = std::move(property->base);
    } else {
      return Fail(written->where, "UnexpectedSyntax", "REMOVE takes a property (n.key, n[key]) or labels (n:Label)");
    }
    remove.items.push_back(std::move(item));
  } while (Accept(TokenKind::kComma));
  clause.node = std::move(remove);
  return true;
}

bool StatementParser::ParseDelete(AstClause& clause) {
  AstDelete deletion;
  deletion.detach = Accept(Keyword::kDetach);
  if (!deletion.detach) Accept(Keyword::kNodetach);
  if (!Expect(Keyword::kDelete)) return false;
  do {
    deletion.targets.push_back(ParseExpression());
    if (!deletion.targets.back()) return false;
  } while (Accept(TokenKind::kComma));
  clause.node = std::move(deletion);
  return true;
}

}  // namespace tupu
