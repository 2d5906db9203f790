#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/query_options.h"
#include "engine/cli/shell.h"
#include "engine/cli/terminal.h"

namespace tupu {

namespace {

// $XDG_STATE_HOME/tupu/history or ~/.local/state/tupu/history; empty if its folder cannot be made.
std::string HistoryFile() {
  namespace fs = std::filesystem;
  fs::path folder;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
    folder = state;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    folder = fs::path(home) / ".local" / "state";
  } else {
    return "";
  }
  folder /= "tupu";
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? "" : (folder / "history").string();
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  if (IsPicture(choice.format) || choice.file)
    return UsageError("the shell writes text to the terminal", "draw with tupu query ... -o FILE");
  TUPU_TRY_ASSIGN(QueryOptions options, ReadQueryOptions(context.arguments));
  TUPU_TRY_ASSIGN(options.timeout, context.arguments.GetSeconds("timeout", {}));
  const bool interactive = IsTerminal(STDIN_FILENO);
  TUPU_TRY_ASSIGN(ShellDatabase database, ShellDatabase::Open(context.arguments, interactive));
  if (interactive)
    PrintNote(
        context.Say({"tupu: statements end with \";\", :help tells more", "tupu：语句以“;”结尾，:help 查看说明"}));
  const std::unique_ptr<LineEditor> editor =
      interactive ? MakeTerminalEditor(HistoryFile(), MakeCompleter(database)) : MakePlainReader();
  return Shell(context, database, std::move(options), choice, *editor, interactive).Run();
}

}  // namespace

CommandSpec ShellCommand() {
  return {.name = "shell",
          .group = CommandGroup::kAsk,
          .summary = {"type statements, see answers", "交互式查询环境"},
          .details =
              {"Statements end with \";\" and may span lines. Also as tupu DIR. Statements may be piped in.\nReads go "
               "on beside a process that writes. The database is held for writing only while a "
               "statement writes (from a pipe: until the end).",
               "语句以“;”结尾，可跨多行。亦可用 tupu DIR "
               "打开。可由管道输入语句。\n可与写入进程并行读取；仅在执行写入语句时占用写锁（由管道输入时直至结束）。"},
          .positionals = {},
          .options = JoinOptions({StatementOptions(), AnswerOptions()}),
          .run = Run};
}

}  // namespace tupu
