#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/help_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/output_sink.h"
#include "engine/cli/report_error.h"
#include "engine/cli/shared_options.h"
#include "engine/cli/terminal.h"

namespace tupu {

namespace {

// The command and the words that are its own. Options before the command belong to it as well.
struct CommandLine {
  const CommandSpec* command = nullptr;
  std::vector<std::string> words;
};

bool IsFolder(const std::string& word) {
  std::error_code ignored;
  return std::filesystem::is_directory(word, ignored);
}

// The index of the first word that is neither an option of every command nor the value of one.
size_t FindCommandWord(const std::vector<std::string>& words) {
  const std::vector<OptionSpec> shared = EveryCommandOptions();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty() || words[i][0] != '-' || words[i] == "-") return i;
    for (const OptionSpec& option : shared) {
      const bool separate =
          words[i] == fmt::format("--{}", option.name) || words[i] == fmt::format("-{}", option.letter);
      if (separate && !option.value.empty()) ++i;
      if (separate) break;
    }
  }
  return words.size();
}

Result<CommandLine> FindCommandLine(const std::vector<std::string>& words) {
  CommandLine line;
  const size_t place = FindCommandWord(words);
  line.words = words;
  if (place == words.size()) {
    const bool version = std::find(words.begin(), words.end(), "--version") != words.end();
    line.command = FindCommand(version ? "version" : "help");
    std::erase(line.words, "--version");
    std::erase(line.words, "--help");
    std::erase(line.words, "-h");
    return line;
  }
  line.words.erase(line.words.begin() + static_cast<ptrdiff_t>(place));
  line.command = FindCommand(words[place]);
  if (line.command != nullptr) return line;
  // `tupu DIR` opens the shell.
  if (!IsFolder(words[place]) && words[place] != kInMemory) return UnknownCommand(words[place]);
  line.command = FindCommand("shell");
  line.words.insert(line.words.end(), {"--db", words[place]});
  return line;
}

Result<Language> ChooseLanguage(const Arguments& arguments) {
  const std::optional<std::string> named = arguments.Find("lang");
  if (!named) return LanguageOfEnvironment();
  if (const std::optional<Language> language = ParseLanguage(*named)) return *language;
  return UsageError(fmt::format("--lang takes zh or en, not \"{}\"", *named));
}

Status PrintHelp(const CommandSpec& command, Language language) {
  OutputSink sink = OutputSink::OfStandardOutput();
  TUPU_TRY(sink.Write(CommandText(command, language)));
  return sink.Close();
}

// `language` becomes the one to report an error in.
Result<ExitStatus> Dispatch(const std::vector<std::string>& words, Language& language) {
  TUPU_TRY_ASSIGN(const CommandLine line, FindCommandLine(words));
  TUPU_TRY_ASSIGN(const Arguments arguments,
                  ParseArguments(line.words, line.command->options, line.command->positionals));
  TUPU_TRY_ASSIGN(language, ChooseLanguage(arguments));
  if (arguments.Has("help")) {
    TUPU_TRY(PrintHelp(*line.command, language));
    return ExitStatus::kDone;
  }
  CommandContext context{arguments, language, {}};
  TUPU_TRY_ASSIGN(const std::chrono::milliseconds limit, arguments.GetSeconds("timeout", {}));
  if (limit.count() > 0) context.cancellation.SetDeadline(std::chrono::steady_clock::now() + limit);
  const InterruptGuard guard(context.cancellation);
  return line.command->run(context);
}

}  // namespace

ExitStatus RunCommandLine(const std::vector<std::string>& words) {
  UseUtf8();
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, and ends quietly
  Language language = LanguageOfEnvironment();
  const Result<ExitStatus> status = Dispatch(words, language);
  if (status) return *status;
  if (!IsBrokenPipe(status.error()))
    std::cerr << ErrorText(status.error(), nullptr, language, WantsColour(STDERR_FILENO));
  return ExitStatusOf(status.error());
}

}  // namespace tupu
