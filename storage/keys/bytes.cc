#include "storage/keys/bytes.h"

#include <fmt/format.h>

namespace tupu {

void AppendOrderedText(std::string& out, std::string_view text) {
  for (const char c : text) {
    out.push_back(c);
    if (c == '\0') out.push_back('\xff');
  }
  out.push_back('\0');
  out.push_back('\x01');
}

std::optional<std::string> PrefixUpperBound(std::string_view prefix) {
  std::string bound(prefix);
  // Drop trailing 0xFF first: keeping them would let a scan of vertex 255 return 256..510 as well.
  while (!bound.empty() && bound.back() == '\xff') bound.pop_back();
  if (bound.empty()) return std::nullopt;
  bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
}

Error CorruptionOf(std::string_view what, std::string_view why) {
  return Error{ErrorCode::kCorruption,
               fmt::format("{}: {}; the stored bytes are not what was written: restore a copy", what, why)};
}

}  // namespace tupu
