#pragma once

#include <string>
#include <string_view>

namespace tupu {

/// A quoted string of DOT: quotes, backslashes and "&" escaped, line breaks as \n, other control characters dropped.
std::string DotString(std::string_view text);

/// Text inside an HTML-like label of DOT, line breaks as <br/>.
std::string DotHtml(std::string_view text);

/// Breaks `text` into lines of about equal width, at most `width` columns each (wide characters take two): between wide
/// characters, after blanks and after punctuation; words longer than a line are cut. What does not fit into `max_lines`
/// ends with "…".
std::string WrapText(std::string_view text, int width, int max_lines);

}  // namespace tupu
