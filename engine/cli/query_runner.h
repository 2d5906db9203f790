#pragma once

#include <string>
#include <vector>

#include <tupu/database.h>

#include "engine/cli/answer.h"
#include "engine/cli/command.h"
#include "engine/cli/report_error.h"
#include "engine/cli/script_session.h"

namespace tupu {

/// Runs statements one after the other and shows their answers in one format, on one sink.
/// The database, the sink and the context must outlive it.
class QueryRunner {
 public:
  QueryRunner(const CommandContext& context, const AnswerChoice& choice, OutputSink& sink)
      : context_(context), choice_(choice), sink_(sink) {}

  /// Runs one statement: rows go to the sink as they come, a note with their number and what was changed to standard error.
  /// In a picture format the rows are kept for Draw.
  Status Run(ScriptSession& session, std::string_view text, QueryOptions options);

  /// Draws the entities of all rows kept. Requires: a picture format.
  Status Draw(Database& database);

 private:
  Status ShowRows(QueryResult& result);
  Status KeepRows(QueryResult& result);

  const CommandContext& context_;
  const AnswerChoice& choice_;
  OutputSink& sink_;
  std::vector<Row> kept_;
};

}  // namespace tupu
