#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "engine/cli/arguments.h"
#include "engine/cli/exit_status.h"
#include "engine/cli/language.h"

namespace tupu {

/// What a running command has at hand.
struct CommandContext {
  const Arguments& arguments;
  Language language = Language::kEnglish;
  CancellationToken cancellation;  // Ctrl-C, and the deadline of --timeout

  std::string_view Say(const Text& text) const { return text.In(language); }
};

/// How `tupu help` groups the commands.
enum class CommandGroup : unsigned char { kAsk, kDraw, kBring, kCare };

/// A command, declared once: dispatch, parsing, help and completion read it here.
struct CommandSpec {
  std::string_view name;
  std::string_view alias = {};
  CommandGroup group;
  Text summary;       // one line
  Text details = {};  // below the options in its help: examples, what the columns mean
  std::vector<PositionalSpec> positionals;
  std::vector<OptionSpec> options;
  Result<ExitStatus> (*run)(const CommandContext& context);
};

/// In the order of the help.
std::span<const CommandSpec> AllCommands();
/// By name or alias, or null.
const CommandSpec* FindCommand(std::string_view name);

// Each command's declaration, beside its code in command_<name>.cc.
CommandSpec QueryCommand();
CommandSpec ShellCommand();
CommandSpec FindNameCommand();
CommandSpec PartnersCommand();
CommandSpec PathCommand();
CommandSpec CentralityCommand();
CommandSpec EcosystemCommand();
CommandSpec ExportCommand();
CommandSpec LoadCommand();
CommandSpec SchemaCommand();
CommandSpec StatsCommand();
CommandSpec CheckCommand();
CommandSpec BackupCommand();
CommandSpec RestoreCommand();
CommandSpec RecoverCommand();
CommandSpec CompactCommand();
CommandSpec HelpCommand();
CommandSpec VersionCommand();

/// The whole program: `words` without the program's name. Writes results to standard output, all else to standard error.
ExitStatus RunCommandLine(const std::vector<std::string>& words);

}  // namespace tupu
