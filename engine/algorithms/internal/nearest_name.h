#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tupu {

/// The end of a message about an unknown name: "; did you mean \"labels\"?" when one of `known` is close to `name`
/// (case apart, at most a third of its letters differ), else "; known: a, b, c" (the first ten), else "".
std::string SuggestName(std::string_view name, std::vector<std::string> known);

}  // namespace tupu
