#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "engine/cli/language.h"

namespace tupu {

/// An option of a command, declared once: parsing, help and completion read it here.
struct OptionSpec {
  std::string_view name;        // without the dashes: "limit"
  char letter = '\0';           // '\0': no short form
  std::string_view value = {};  // name of its value in help; empty: a flag
  Text help;
  bool repeated = false;  // may be given several times
};

/// An argument by place.
struct PositionalSpec {
  std::string_view name;
  bool required = true;
  bool repeated = false;  // the last one only: takes all that is left
};

/// What stood on the command line, checked against the declaration.
class Arguments {
 public:
  bool Has(std::string_view option) const { return options_.contains(option); }
  /// The last value given.
  std::optional<std::string> Find(std::string_view option) const;
  const std::vector<std::string>& GetAll(std::string_view option) const;
  /// Values split at commas, blanks trimmed, empty parts dropped.
  std::vector<std::string> GetList(std::string_view option) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

  /// Errors: usage, naming the option and what it takes.
  Result<uint64_t> GetCount(std::string_view option, uint64_t fallback, uint64_t least = 0) const;
  Result<std::chrono::milliseconds> GetSeconds(std::string_view option, std::chrono::milliseconds fallback) const;

  void Add(std::string_view option, std::string value) { options_[std::string(option)].push_back(std::move(value)); }
  void AddPositional(std::string value) { positionals_.push_back(std::move(value)); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::vector<std::string> positionals_;
};

/// Reads `words` (without the program and the command): `--name value`, `--name=value`, `-n value`, `-nvalue`, flags joined
/// (`-xy`), `--` before words that begin with a dash. Options and places may stand in any order.
/// Errors: usage, for an unknown option (with the nearest one), a missing or unwanted value, a missing or spare word.
Result<Arguments> ParseArguments(std::span<const std::string> words, std::span<const OptionSpec> options,
                                 std::span<const PositionalSpec> positionals);

}  // namespace tupu
