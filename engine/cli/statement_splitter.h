#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tupu {

/// One statement of a script, without the ";" that ended it. `text` is a part of the script.
struct ScriptStatement {
  std::string_view text;
  uint32_t line = 1;  // where its first token stands in the script
  uint32_t column = 1;
};

struct SplitScript {
  std::vector<ScriptStatement> statements;  // each ended by ";"
  ScriptStatement rest;                     // behind the last ";"; its text is empty if there is no token
};

/// Splits a script at the semicolons that the lexer sees as such: those in strings, comments and quoted names do not count.
/// What the lexer cannot read makes all that follows the rest: the parser will say what is wrong with it.
SplitScript SplitStatements(std::string_view script);

}  // namespace tupu
