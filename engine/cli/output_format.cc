#include "engine/cli/output_format.h"

#include <array>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/cli/exit_status.h"
#include "storage/base/similar.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

struct NamedFormat {
  std::string_view name;  // also a file extension
  OutputFormat format;
};

constexpr std::array<NamedFormat, 7> kFormats = {{{"table", OutputFormat::kTable},
                                                  {"json", OutputFormat::kJson},
                                                  {"jsonl", OutputFormat::kJsonl},
                                                  {"csv", OutputFormat::kCsv},
                                                  {"dot", OutputFormat::kDot},
                                                  {"svg", OutputFormat::kSvg},
                                                  {"png", OutputFormat::kPng}}};
constexpr std::array<NamedFormat, 3> kOtherExtensions = {
    {{"txt", OutputFormat::kTable}, {"gv", OutputFormat::kDot}, {"ndjson", OutputFormat::kJsonl}}};

std::vector<std::string_view> FormatNames() {
  std::vector<std::string_view> names;
  for (const NamedFormat& entry : kFormats) names.push_back(entry.name);
  return names;
}

template <size_t size>
std::optional<OutputFormat> FindIn(const std::array<NamedFormat, size>& table, std::string_view name) {
  for (const NamedFormat& entry : table)
    if (entry.name == name) return entry.format;
  return std::nullopt;
}

}  // namespace

std::string_view Name(OutputFormat format) {
  for (const NamedFormat& entry : kFormats)
    if (entry.format == format) return entry.name;
  return "table";
}

bool IsPicture(OutputFormat format) {
  return format == OutputFormat::kDot || format == OutputFormat::kSvg || format == OutputFormat::kPng;
}

Result<OutputFormat> ChooseFormat(const std::optional<std::string>& format, const std::optional<std::string>& file,
                                  OutputFormat fallback) {
  if (format) {
    if (const auto found = FindIn(kFormats, *format)) return *found;
    const std::optional<std::string> nearest = NearestName(*format, FormatNames());
    return UsageError(fmt::format("unknown format {}; offered: {}", *format, fmt::join(FormatNames(), ", ")),
                      nearest ? fmt::format("did you mean {}?", *nearest) : "");
  }
  if (!file) return fallback;
  const std::string extension = std::filesystem::path(*file).extension().string();
  if (extension.empty()) return fallback;
  const std::string name = NormalizeName(extension.substr(1));
  if (const auto found = FindIn(kFormats, name)) return *found;
  if (const auto found = FindIn(kOtherExtensions, name)) return *found;
  return UsageError(fmt::format("the name {} does not say which format to write", *file),
                    fmt::format("add --format with one of {}", fmt::join(FormatNames(), ", ")));
}

}  // namespace tupu
