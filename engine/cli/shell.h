#pragma once

#include <string>

#include <tupu/database.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/line_editor.h"
#include "engine/cli/script_session.h"
#include "engine/cli/shell_database.h"

namespace tupu {

/// Reads statements and ":" commands until the end of its input.
///
///     prompt --line--> a ":" command          -> done at once, at the beginning of a statement only
///                      text without ";"       -> continued on the next line
///                      text up to ";"         -> run; Ctrl-C stops it and keeps the shell
/// A transaction that is open at the end is rolled back, and said.
///
/// On a terminal an error is shown and the shell goes on; from a file or pipe the first error ends it with its status.
class Shell {
 public:
  Shell(const CommandContext& context, ShellDatabase& database, QueryOptions options, const AnswerChoice& choice,
        LineEditor& editor, bool interactive);

  ExitStatus Run();

 private:
  const char* Prompt() const;
  /// False: the shell is to end.
  bool TakeLine(const std::string& line);
  bool RunCommand(const std::string& line);
  void RunReadyStatements();
  void RunText(std::string_view text, uint32_t line, uint32_t column);
  Status RunStatement(const CommandContext& context, std::string_view text, const QueryOptions& options);
  void Report(const Error& error, std::string_view text, uint32_t line, uint32_t column);
  void ShowHelp();
  void ShowParameters();
  Status ShowStats();

  const CommandContext& context_;
  ShellDatabase& database_;
  std::optional<ScriptSession> session_;  // while a transaction is open
  QueryOptions options_;
  AnswerChoice choice_;
  LineEditor& editor_;
  bool interactive_;
  std::string pending_;  // typed, and not yet ended by ";"
  ExitStatus status_ = ExitStatus::kDone;
  bool failed_ = false;
};

/// The completion of the shell: keywords in the case that was begun, labels and edge types after ":", property keys after
/// ".", ":" commands at the start of a line.
Completer MakeCompleter(ShellDatabase& database);

}  // namespace tupu
