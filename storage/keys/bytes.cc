#include "storage/keys/bytes.h"

#include <fmt/format.h>

namespace tupu {

void AppendOrderedText(std::string& out, std::string_view text) {
  while (true) {
    const size_t zero = text.find('\0');
    out.append(text.substr(0, zero));
    if (zero == std::string_view::npos) break;
    out.append("\0\xff", 2);
    text.remove_prefix(zero + 1);
  }
  out.append("\0\x01", 2);
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
