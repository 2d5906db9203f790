#include "engine/cli/script_session.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "storage/base/ascii.h"

namespace tupu {

namespace {

/// The words of a statement that has only words, in lower case; empty if it has anything else or more than `most` of them.
std::vector<std::string> WordsOf(std::string_view text, size_t most) {
  std::vector<std::string> words;
  for (std::string_view rest = TrimBlanks(text); !rest.empty(); rest = TrimBlanks(rest)) {
    std::string word = ToLowerAscii(rest.substr(0, rest.find_first_of(" \t\r\n")));
    const bool letters = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!letters || words.size() == most) return {};
    rest.remove_prefix(word.size());
    words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> ControlWordsOf(std::string_view text) {
  constexpr size_t kMostWords = 5;
  return WordsOf(text.starts_with(':') ? text.substr(1) : text, kMostWords);
}

enum class Control : uint8_t { kNone, kBegin, kCommit, kRollback };

Control ControlOf(const std::vector<std::string>& words) {
  if (words.empty()) return Control::kNone;
  if (words[0] == "begin") return Control::kBegin;
  if (words[0] == "commit") return Control::kCommit;
  if (words[0] == "rollback") return Control::kRollback;
  return Control::kNone;
}

Result<TransactionOptions> ReadOptions(const std::vector<std::string>& words) {
  TransactionOptions options;
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "transaction" && i == 1) continue;
    if (words[i] == "serializable" || words[i] == "snapshot") {
      options.isolation = words[i] == "serializable" ? Isolation::kSerializable : Isolation::kSnapshot;
    } else if (words[i] == "read" && i + 1 < words.size() && words[i + 1] == "only") {
      options.read_only = true;
      ++i;
    } else {
      return Error{ErrorCode::kSyntax, fmt::format("BEGIN does not know \"{}\"", words[i]), std::nullopt,
                   "SyntaxError.UnexpectedSyntax", "BEGIN [TRANSACTION] [SERIALIZABLE | SNAPSHOT] [READ ONLY]"};
    }
  }
  return options;
}

}  // namespace

Status ScriptSession::Begin(const TransactionOptions& options) {
  if (transaction_) {
    return Error{ErrorCode::kInvalidArgument, "a transaction is open already; COMMIT or ROLLBACK comes first"};
  }
  TUPU_TRY_ASSIGN(transaction_, session_.Begin(options));
  return {};
}

/// Takes the open transaction out.
Result<Transaction> ScriptSession::End(std::string_view word) {
  if (!transaction_) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("no transaction is open: {} comes after BEGIN", word)};
  }
  Transaction ended = std::move(*transaction_);
  transaction_.reset();
  return ended;
}

bool ScriptSession::BeginsWriting(std::string_view text) {
  const std::vector<std::string> words = ControlWordsOf(text);
  if (ControlOf(words) != Control::kBegin) return false;
  const Result<TransactionOptions> options = ReadOptions(words);
  return options && !options->read_only;
}

Result<std::optional<QueryResult>> ScriptSession::Run(std::string_view text, const QueryOptions& options) {
  const std::vector<std::string> words = ControlWordsOf(text);
  const Control control = ControlOf(words);
  if (control == Control::kNone) {
    Result<QueryResult> result = transaction_ ? transaction_->Run(text, options) : session_.Run(text, options);
    if (!result) return std::move(result).error();
    return std::optional(std::move(*result));
  }
  if (control == Control::kBegin) {
    TUPU_TRY_ASSIGN(TransactionOptions begin, ReadOptions(words));
    begin.read_only |= options.read_only;
    TUPU_TRY(Begin(begin));
  } else if (words.size() > 1) {
    return Error{ErrorCode::kSyntax, fmt::format("{} stands alone; \"{}\" is too much", words[0], words[1]),
                 std::nullopt, "SyntaxError.UnexpectedSyntax"};
  } else {
    TUPU_TRY_ASSIGN(Transaction ended, End(words[0]));
    if (control == Control::kCommit) TUPU_TRY(ended.Commit());
  }
  return std::optional<QueryResult>();
}

}  // namespace tupu
