#pragma once

#include <string>
#include <string_view>

#include "engine/cli/command.h"

namespace tupu {

/// All commands by group.
std::string OverviewText(Language language);
/// Usage, options and examples of one.
std::string CommandText(const CommandSpec& command, Language language);
/// The usage error for a word that is no command, with the nearest one.
Error UnknownCommand(std::string_view word);

}  // namespace tupu
