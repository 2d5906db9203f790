#pragma once

#include <initializer_list>
#include <vector>

#include <tupu/result.h>

#include "engine/cli/arguments.h"
#include "engine/cli/output_format.h"
#include "engine/verbs/edge_scope.h"

namespace tupu {

/// --db, --lang, --help: of every command.
std::vector<OptionSpec> EveryCommandOptions();
/// --limit, --format, --output, --timeout: of every command that answers with rows or a picture.
std::vector<OptionSpec> AnswerOptions();
/// --types, --family.
std::vector<OptionSpec> EdgeOptions();
/// --group.
OptionSpec GroupOption();
/// See ReadCacheMemory (engine/cli/database_choice.h). AnswerOptions have it.
OptionSpec CacheMemoryOption();

/// EveryCommandOptions after all of `lists`.
std::vector<OptionSpec> JoinOptions(std::initializer_list<std::vector<OptionSpec>> lists);

/// What the shared options say.
struct AnswerChoice {
  OutputFormat format = OutputFormat::kTable;
  std::optional<std::string> file;
  uint64_t limit = 0;  // 0: all rows
};
/// Errors: usage.
Result<AnswerChoice> ReadAnswerChoice(const Arguments& arguments, uint64_t default_limit,
                                      OutputFormat fallback = OutputFormat::kTable);
EdgeChoice ReadEdgeChoice(const Arguments& arguments);

}  // namespace tupu
