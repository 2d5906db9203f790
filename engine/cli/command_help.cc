#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/help_text.h"
#include "engine/cli/output_sink.h"
#include "engine/cli/shared_options.h"

#ifndef TUPU_VERSION
#error "the build defines TUPU_VERSION"
#endif

namespace tupu {

namespace {

Status Print(const std::string& text) {
  OutputSink sink = OutputSink::OfStandardOutput();
  TUPU_TRY(sink.Write(text));
  return sink.Close();
}

Result<ExitStatus> RunHelp(const CommandContext& context) {
  if (context.arguments.positionals().empty()) {
    TUPU_TRY(Print(OverviewText(context.language)));
    return ExitStatus::kDone;
  }
  const std::string& name = context.arguments.positionals()[0];
  const CommandSpec* command = FindCommand(name);
  if (command == nullptr) return UnknownCommand(name);
  TUPU_TRY(Print(CommandText(*command, context.language)));
  return ExitStatus::kDone;
}

Result<ExitStatus> RunVersion(const CommandContext&) {
  TUPU_TRY(Print(fmt::format("tupu {}\n", TUPU_VERSION)));
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec HelpCommand() {
  return {.name = "help",
          .group = CommandGroup::kCare,
          .summary = {"this overview, or the help of a command", "总览，或某一命令的帮助"},
          .positionals = {{.name = "COMMAND", .required = false}},
          .options = JoinOptions({}),
          .run = RunHelp};
}

CommandSpec VersionCommand() {
  return {.name = "version",
          .group = CommandGroup::kCare,
          .summary = {"the version of tupu", "tupu 的版本"},
          .positionals = {},
          .options = JoinOptions({}),
          .run = RunVersion};
}

}  // namespace tupu
