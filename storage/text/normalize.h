#pragma once

#include <string>
#include <string_view>

namespace tupu {

/// The form under which names are compared: NFKC, case folded, outer blanks trimmed, inner runs of blanks as one space.
/// Invalid UTF-8 is replaced by U+FFFD. Threads: safe.
std::string NormalizeName(std::string_view name);

/// Columns that `text` takes on a terminal: wide characters count 2, combining ones 0.
int DisplayWidth(std::string_view text);

}  // namespace tupu
