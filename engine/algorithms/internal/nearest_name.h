#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tupu {

/// The end of a message about an unknown name: "; did you mean \"labels\"?" when a reader could have meant one of
/// `known` (storage/text/similar.h), else "; known: a, b, c" (the first ten), else "".
std::string SuggestName(std::string_view name, std::vector<std::string> known);

}  // namespace tupu
