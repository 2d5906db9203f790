#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "engine/cli/command.h"
#include "engine/cli/database_choice.h"
#include "engine/cli/query_options.h"
#include "engine/cli/query_runner.h"
#include "engine/cli/report_error.h"
#include "engine/cli/statement_splitter.h"
#include "engine/cli/terminal.h"

namespace tupu {

namespace {

struct Script {
  std::string text;
  std::string name;  // for messages; empty: typed on the command line
};

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad())
    return Error{ErrorCode::kIo, fmt::format("cannot read {}: {}", path, std::strerror(errno))};
  return text;
}

Result<Script> ReadScript(const Arguments& arguments) {
  const std::optional<std::string> file = arguments.Find("file");
  const bool has_text = !arguments.positionals().empty();
  if (file && has_text) return UsageError("give a query or -f FILE, not both");
  if (!file && !has_text) return UsageError("TEXT is missing", "a query in quotes, -f FILE, or - for standard input");
  const std::string& word = file ? *file : arguments.positionals()[0];
  if (word == "-") return Script{{std::istreambuf_iterator<char>(std::cin), {}}, "-"};
  if (!file) return Script{word, ""};
  TUPU_TRY_ASSIGN(std::string text, ReadFile(*file));
  return Script{std::move(text), *file};
}

// Opens the database as the statements need it: read-only as long as none writes, so that it works beside a writer and keeps
// none out.
Result<Database> OpenFor(const CommandContext& context, const std::vector<ScriptStatement>& statements) {
  TUPU_TRY_ASSIGN(const std::string directory, ChooseDatabase(context.arguments));
  if (directory == kInMemory) return OpenInMemory(context.arguments);
  TUPU_TRY_ASSIGN(Database database, OpenForReading(context.arguments));
  if (context.arguments.Has("read-only")) return database;
  bool writes = false;
  {
    Session session = database.OpenSession();
    for (const ScriptStatement& statement : statements) {
      const Result<PreparedQuery> prepared = session.Prepare(statement.text);
      if (prepared && prepared->writes()) writes = true;  // an error shows again when the statement is run
    }
  }
  if (!writes) return database;
  { const Database closed = std::move(database); }
  return OpenForWriting(context.arguments, false);
}

Result<ExitStatus> Run(const CommandContext& context) {
  TUPU_TRY_ASSIGN(const AnswerChoice choice, ReadAnswerChoice(context.arguments, 0));
  TUPU_TRY_ASSIGN(QueryOptions options, ReadQueryOptions(context.arguments));
  options.cancellation = context.cancellation;
  TUPU_TRY_ASSIGN(const Script script, ReadScript(context.arguments));
  SplitScript split = SplitStatements(script.text);
  if (!split.rest.text.empty()) split.statements.push_back(split.rest);
  if (split.statements.empty()) return UsageError("there is no statement in the query");

  TUPU_TRY_ASSIGN(Database database, OpenFor(context, split.statements));
  ScriptSession session(database);
  TUPU_TRY_ASSIGN(OutputSink sink, OpenOutput(choice));
  QueryRunner runner(context, choice, sink);
  for (const ScriptStatement& statement : split.statements) {
    const Status done = runner.Run(session, statement.text, options);
    if (done) continue;
    // Rows that came before the error are shown.
    TUPU_TRY(sink.Flush());
    const bool is_of_many = !script.name.empty() || split.statements.size() > 1;
    if (IsBrokenPipe(done.error()) || (!done.error().where && !is_of_many)) return done.error();
    const StatementPlace place{statement.text, statement.line, statement.column, script.name, is_of_many};
    std::cerr << ErrorText(done.error(), &place, context.language, WantsColour(STDERR_FILENO));
    return ExitStatusOf(done.error());
  }
  if (session.in_transaction()) {
    TUPU_TRY(sink.Flush());
    return Error{ErrorCode::kInvalidArgument,
                 "the script ends within a transaction, which was rolled back; end it with COMMIT"};
  }
  if (IsPicture(choice.format)) TUPU_TRY(runner.Draw(database));
  TUPU_TRY(sink.Close());
  return ExitStatus::kDone;
}

}  // namespace

CommandSpec QueryCommand() {
  return {
      .name = "query",
      .group = CommandGroup::kAsk,
      .summary = {"run openCypher statements", "执行 openCypher 语句"},
      .details = {"TEXT is one statement or several, each ended by \";\"; - reads standard input. Each statement is a\n"
                  "transaction of its own, or of the one between BEGIN and COMMIT or ROLLBACK; the first error ends\n"
                  "the run. BEGIN takes SERIALIZABLE and READ ONLY. EXPLAIN before a statement shows its plan.\n\n"
                  "  tupu query 'MATCH (a)-[:ACQUIRED]->(b) RETURN a.name, b.name'\n"
                  "  tupu query -p n='\"华为\"' 'MATCH (f {name: $n})--(x) RETURN f, x' -o huawei.svg\n"
                  "  tupu query 'CREATE INDEX FOR (s:Standard) ON (s.code)'\n"
                  "  tupu query 'CREATE CONSTRAINT FOR (f:Firm) REQUIRE f.name IS UNIQUE'\n"
                  "  tupu query 'SHOW INDEXES'",
                  "TEXT 为一条或多条以“;”结尾的语句；- 表示标准输入。每条语句自成事务，\n"
                  "或属于 BEGIN 与 COMMIT / ROLLBACK 之间的事务；遇错即止。BEGIN 可加 SERIALIZABLE、READ ONLY。\n"
                  "语句前加 EXPLAIN 则显示执行计划。\n\n"
                  "  tupu query 'MATCH (a)-[:ACQUIRED]->(b) RETURN a.name, b.name'\n"
                  "  tupu query -p n='\"华为\"' 'MATCH (f {name: $n})--(x) RETURN f, x' -o huawei.svg\n"
                  "  tupu query 'CREATE INDEX FOR (s:Standard) ON (s.code)'\n"
                  "  tupu query 'CREATE CONSTRAINT FOR (f:Firm) REQUIRE f.name IS UNIQUE'\n"
                  "  tupu query 'SHOW INDEXES'"},
      .positionals = {{.name = "TEXT", .required = false}},
      .options = JoinOptions(
          {{{.name = "file", .letter = 'f', .value = "FILE", .help = {"the statements of a file", "执行文件中的语句"}}},
           StatementOptions(),
           AnswerOptions()}),
      .run = Run};
}

}  // namespace tupu
