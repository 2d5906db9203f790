#include "engine/cli/shell.h"

#include <unistd.h>

#include <iostream>

#include <fmt/format.h>
#include <tupu/value_json.h>

#include "engine/cli/graph_stats.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/query_options.h"
#include "engine/cli/query_runner.h"
#include "engine/cli/report_error.h"
#include "engine/cli/statement_splitter.h"
#include "engine/cli/terminal.h"
#include "engine/database/engine_access.h"
#include "storage/base/ascii.h"

namespace tupu {

Shell::Shell(const CommandContext& context, ShellDatabase& database, QueryOptions options, const AnswerChoice& choice,
             LineEditor& editor, bool interactive)
    : context_(context),
      database_(database),
      options_(std::move(options)),
      choice_(choice),
      editor_(editor),
      interactive_(interactive) {}

ExitStatus Shell::Run() {
  std::string line;
  while (true) {
    const LineEnd end = editor_.Read(Prompt(), line);
    if (end == LineEnd::kInterrupted) {
      pending_.clear();
      continue;
    }
    if (end == LineEnd::kEndOfInput) break;
    if (!TakeLine(line)) break;
  }
  // A last statement of a file may lack its ";".
  if (!interactive_ && !failed_ && !TrimBlanks(pending_).empty()) RunText(TrimBlanks(pending_), 1, 1);
  if (session_) {
    Report(Error{ErrorCode::kInvalidArgument, "a transaction was open and is rolled back; COMMIT keeps one"}, "", 1, 1);
  }
  return status_;
}

const char* Shell::Prompt() const {
  if (!pending_.empty()) return "  ... ";
  return session_ ? "tupu* " : "tupu> ";
}

bool Shell::TakeLine(const std::string& line) {
  const std::string_view trimmed = TrimBlanks(line);
  if (pending_.empty() && trimmed.starts_with(':')) {
    editor_.AddToHistory(std::string(trimmed));
    return RunCommand(std::string(trimmed));
  }
  if (pending_.empty() && trimmed.empty()) return true;
  pending_ += line;
  pending_ += '\n';
  RunReadyStatements();
  return interactive_ || !failed_;
}

void Shell::RunReadyStatements() {
  const std::string text = pending_;
  const SplitScript split = SplitStatements(text);
  // What the lexer cannot read is run once its line looks complete, so that the parser says what is wrong.
  const bool closed = TrimBlanks(text).ends_with(';');
  if (split.statements.empty() && !(closed && !split.rest.text.empty())) {
    if (split.rest.text.empty()) pending_.clear();
    return;
  }
  editor_.AddToHistory(std::string(TrimBlanks(text)));
  pending_.clear();
  for (const ScriptStatement& statement : split.statements) {
    RunText(statement.text, statement.line, statement.column);
    if (failed_ && !interactive_) return;
  }
  if (split.rest.text.empty()) return;
  if (closed) {
    RunText(split.rest.text, split.rest.line, split.rest.column);
  } else {
    pending_ = std::string(split.rest.text);
  }
}

void Shell::RunText(std::string_view text, uint32_t line, uint32_t column) {
  QueryOptions options = options_;
  options.cancellation = CancellationToken();
  CommandContext context{context_.arguments, context_.language, options.cancellation};
  if (options.timeout.count() > 0) options.cancellation.SetDeadline(std::chrono::steady_clock::now() + options.timeout);
  options.timeout = {};
  const InterruptGuard guard(options.cancellation);
  Status done = RunStatement(context, text, options);
  if (!session_) {
    if (const Status given_back = database_.Done(); done) done = given_back;
  }
  if (!done) Report(done.error(), text, line, column);
}

Status Shell::RunStatement(const CommandContext& context, std::string_view text, const QueryOptions& options) {
  if (!session_) {
    TUPU_TRY_ASSIGN(Database * database, database_.For(text));
    session_.emplace(*database);
  }
  OutputSink sink = OutputSink::OfStandardOutput();
  QueryRunner runner(context, choice_, sink);
  Status done = runner.Run(*session_, text, options);
  // Between transactions the database may be let go.
  if (!session_->in_transaction()) session_.reset();
  if (done) done = sink.Close();
  return done;
}

void Shell::Report(const Error& error, std::string_view text, uint32_t line, uint32_t column) {
  failed_ = true;
  if (!interactive_) status_ = ExitStatusOf(error);
  if (IsBrokenPipe(error)) return;
  if (interactive_ && error.code == ErrorCode::kCancelled) std::cerr << '\n';  // behind the ^C that the terminal echoed
  const StatementPlace place{text, line, column, ""};
  std::cerr << ErrorText(error, &place, context_.language, WantsColour(STDERR_FILENO)) << std::flush;
}

bool Shell::RunCommand(const std::string& line) {
  const size_t blank = line.find_first_of(" \t");
  const std::string name = line.substr(0, blank);
  const std::string_view rest =
      blank == std::string::npos ? std::string_view() : TrimBlanks(std::string_view(line).substr(blank));
  if (name == ":quit" || name == ":exit" || name == ":q") return false;
  if (name == ":begin" || name == ":commit" || name == ":rollback") {
    RunText(line, 1, 1);
  } else if (name == ":help" || name == ":h") {
    ShowHelp();
  } else if (name == ":stats" && rest.empty()) {
    if (const Status shown = ShowStats(); !shown) Report(shown.error(), line, 1, 1);
  } else if (name == ":param" && rest.empty()) {
    ShowParameters();
  } else if (name == ":param") {
    if (const Status added = AddParameter(rest, options_.parameters); !added) Report(added.error(), line, 1, 1);
  } else {
    Report(UsageError(fmt::format("there is no command {}", name), "see :help"), line, 1, 1);
  }
  return interactive_ || !failed_;
}

void Shell::ShowHelp() {
  constexpr Text kHelp = {
      "Statements end with \";\" and may span lines. Tab completes, Ctrl-C drops the line or stops the query.\n"
      "  BEGIN; COMMIT; ROLLBACK;   several statements as one; BEGIN takes SERIALIZABLE and READ ONLY\n"
      "  :param NAME=JSON   set a parameter; :param alone shows them\n"
      "  :stats             what tupu stats shows, of this shell: CSRs and property columns it holds included\n"
      "  :help              this text\n"
      "  :quit              leave (also Ctrl-D)",
      "语句以“;”结尾，可跨多行。Tab 补全；Ctrl-C 放弃当前行或停止查询。\n"
      "  BEGIN; COMMIT; ROLLBACK;   多条语句合为一个事务；BEGIN 可加 SERIALIZABLE、READ ONLY\n"
      "  :param NAME=JSON   设置参数；单独的 :param 列出参数\n"
      "  :stats             同 tupu stats，但反映本 shell 的情况（含其持有的 CSR 与属性列）\n"
      "  :help              本说明\n"
      "  :quit              退出（亦可 Ctrl-D）"};
  PrintNote(context_.Say(kHelp));
}

void Shell::ShowParameters() {
  for (const auto& [name, value] : options_.parameters) PrintNote(fmt::format("{}={}", name, ToJson(value)));
}

/// Of what is committed, also while a transaction is open.
Status Shell::ShowStats() {
  const GraphStore& store = EngineAccess::Store(database_.current());
  TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> view, store.Snapshot());
  TUPU_TRY_ASSIGN(const Answer answer, DescribeStats(store, *view, context_.language));
  return ShowAnswer(context_, *view, choice_, answer);
}

}  // namespace tupu
