#pragma once

#include <string>
#include <string_view>

namespace tupu {

/// `text` as a field of a comma-separated file (RFC 4180): in quotes where it holds a comma, a quote or a line end.
/// An empty text stays without quotes; a reader that tells "" from nothing needs them from the caller.
std::string QuoteCsv(std::string_view text);

}  // namespace tupu
