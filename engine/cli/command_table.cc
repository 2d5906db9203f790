#include <algorithm>

#include "engine/cli/command.h"

namespace tupu {

std::span<const CommandSpec> AllCommands() {
  static const std::vector<CommandSpec> commands = {
      QueryCommand(),     ShellCommand(),   FindNameCommand(), PartnersCommand(), PathCommand(),  CentralityCommand(),
      EcosystemCommand(), ExportCommand(),  LoadCommand(),     SchemaCommand(),   StatsCommand(), CheckCommand(),
      BackupCommand(),    RestoreCommand(), RecoverCommand(),  CompactCommand(),  HelpCommand(),  VersionCommand()};
  return commands;
}

const CommandSpec* FindCommand(std::string_view name) {
  const std::span<const CommandSpec> commands = AllCommands();
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const CommandSpec& command) {
    return command.name == name || (!command.alias.empty() && command.alias == name);
  });
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace tupu
