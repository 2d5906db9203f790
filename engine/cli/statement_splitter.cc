#include "engine/cli/statement_splitter.h"

#include "query/lexer/lexer.h"

namespace tupu {

SplitScript SplitStatements(std::string_view script) {
  SplitScript split;
  Lexer lexer(script);
  bool open = false;  // a statement has begun
  ScriptStatement current;
  size_t begin = 0;
  while (true) {
    const Token token = lexer.Next();
    if (token.kind == TokenKind::kSemicolon) {
      if (open) {
        current.text = script.substr(begin, token.where.offset - begin);
        split.statements.push_back(current);
      }
      open = false;
      continue;
    }
    if (!open && token.kind != TokenKind::kEnd) {
      open = true;
      begin = token.where.offset;
      current = {{}, token.where.line, token.where.column};
    }
    if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kInvalid) break;
  }
  if (open) {
    current.text = script.substr(begin);
    split.rest = current;
  }
  return split;
}

}  // namespace tupu
