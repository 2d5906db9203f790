// libFuzzer target: any bytes parse, or give an error that says where.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "query/parser/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tree = tupu::Parse(text);
  if (tree.has_value()) return 0;
  const tupu::Error& error = tree.error();
  const bool known = error.code == tupu::ErrorCode::kSyntax || error.code == tupu::ErrorCode::kUnsupported ||
                     error.code == tupu::ErrorCode::kBind || error.code == tupu::ErrorCode::kInvalidArgument;
  const bool placed =
      error.where && error.where->line >= 1 && error.where->column >= 1 && error.where->line <= size + 1;
  if (!known || !placed || error.message.empty()) std::abort();
  return 0;
}
