#pragma once

#include <string>
#include <string_view>

#include <tupu/error.h>

#include "engine/cli/language.h"

namespace tupu {

/// A statement within a larger text, for the places in its errors.
struct StatementPlace {
  std::string_view text;  // of the statement
  uint32_t line = 1;      // where it begins in the file
  uint32_t column = 1;
  std::string file;         // empty: typed on the command line
  bool is_of_many = false;  // an error without a place of its own names where the statement begins
};

/// An error as a person reads it, every line ended:
///
///     error: 1:8: variable `x` is not defined (SyntaxError.UndefinedVariable)
///       RETURN x
///              ^
///     hint: ...
///
/// The source line and the caret come with an error's own place; the caret stands under the character on a terminal, wide
/// characters counted. Long lines are shown around the place.
std::string ErrorText(const Error& error, const StatementPlace* place, Language language, bool colour);

}  // namespace tupu
