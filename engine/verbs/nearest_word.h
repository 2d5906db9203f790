#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tupu {

/// The known word that `word` was probably meant to be (NearestNames of storage/text), or nothing.
std::optional<std::string> NearestWord(std::string_view word, std::span<const std::string> known);

}  // namespace tupu
