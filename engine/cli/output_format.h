#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

enum class OutputFormat : uint8_t { kTable, kJson, kJsonl, kCsv, kDot, kSvg, kPng };

/// "table", "json", "jsonl", "csv", "dot", "svg", "png".
std::string_view Name(OutputFormat format);
bool IsPicture(OutputFormat format);

/// What `--format` and `-o` ask for: the named format, else the one of the file's extension, else `fallback`.
/// Errors: usage, for an unknown format (with the nearest one) or an extension that names none.
Result<OutputFormat> ChooseFormat(const std::optional<std::string>& format, const std::optional<std::string>& file,
                                  OutputFormat fallback);

}  // namespace tupu
