#pragma once

#include <optional>
#include <string_view>

#include <tupu/database.h>

namespace tupu {

/// A session whose statements may open and end a transaction by themselves, as scripts and the shell do:
///
///     BEGIN [TRANSACTION] [SERIALIZABLE | SNAPSHOT] [READ ONLY]     COMMIT     ROLLBACK     (also :begin, :commit, :rollback)
///
/// Between BEGIN and its end, statements run in that transaction. Dropped with one open, it rolls back.
class ScriptSession {
 public:
  explicit ScriptSession(Database& database) : session_(database.OpenSession()) {}

  /// Runs a statement. One that opens or ends a transaction answers nothing: nullopt.
  Result<std::optional<QueryResult>> Run(std::string_view text, const QueryOptions& options);

  /// True for a BEGIN of a transaction that may write.
  static bool BeginsWriting(std::string_view text);

  bool in_transaction() const { return transaction_.has_value(); }

 private:
  Status Begin(const TransactionOptions& options);
  Result<Transaction> End(std::string_view word);

  Session session_;
  std::optional<Transaction> transaction_;
};

}  // namespace tupu
