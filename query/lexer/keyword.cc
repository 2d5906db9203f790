#include "query/lexer/keyword.h"

#include <algorithm>
#include <array>

namespace tupu {
namespace {

struct Entry {
  std::string_view name;
  Keyword keyword;
  bool reserved;
};

// Sorted by name: found by binary search.
constexpr std::array kKeywords = {
    Entry{"ALL", Keyword::kAll, true},
    Entry{"AND", Keyword::kAnd, true},
    Entry{"ANY", Keyword::kAny, false},
    Entry{"AS", Keyword::kAs, true},
    Entry{"ASC", Keyword::kAsc, false},
    Entry{"ASCENDING", Keyword::kAscending, false},
    Entry{"BY", Keyword::kBy, false},
    Entry{"CALL", Keyword::kCall, false},
    Entry{"CASE", Keyword::kCase, true},
    Entry{"COLLECT", Keyword::kCollect, false},
    Entry{"CONTAINS", Keyword::kContains, true},
    Entry{"COUNT", Keyword::kCount, false},
    Entry{"CREATE", Keyword::kCreate, true},
    Entry{"CSV", Keyword::kCsv, false},
    Entry{"DELETE", Keyword::kDelete, true},
    Entry{"DESC", Keyword::kDesc, false},
    Entry{"DESCENDING", Keyword::kDescending, false},
    Entry{"DETACH", Keyword::kDetach, true},
    Entry{"DISTINCT", Keyword::kDistinct, true},
    Entry{"DROP", Keyword::kDrop, false},
    Entry{"ELSE", Keyword::kElse, true},
    Entry{"END", Keyword::kEnd, true},
    Entry{"ENDS", Keyword::kEnds, true},
    Entry{"EXISTS", Keyword::kExists, false},
    Entry{"EXPLAIN", Keyword::kExplain, false},
    Entry{"FALSE", Keyword::kFalse, true},
    Entry{"FIELDTERMINATOR", Keyword::kFieldterminator, false},
    Entry{"FILTER", Keyword::kFilter, false},
    Entry{"FINISH", Keyword::kFinish, false},
    Entry{"FOREACH", Keyword::kForeach, false},
    Entry{"FROM", Keyword::kFrom, false},
    Entry{"HEADERS", Keyword::kHeaders, false},
    Entry{"IN", Keyword::kIn, true},
    Entry{"INSERT", Keyword::kInsert, false},
    Entry{"IS", Keyword::kIs, true},
    Entry{"LET", Keyword::kLet, false},
    Entry{"LIMIT", Keyword::kLimit, true},
    Entry{"LOAD", Keyword::kLoad, false},
    Entry{"MATCH", Keyword::kMatch, true},
    Entry{"MERGE", Keyword::kMerge, true},
    Entry{"NODETACH", Keyword::kNodetach, false},
    Entry{"NONE", Keyword::kNone_, false},
    Entry{"NOT", Keyword::kNot, true},
    Entry{"NULL", Keyword::kNull, true},
    Entry{"OF", Keyword::kOf, false},
    Entry{"OFFSET", Keyword::kOffset, false},
    Entry{"ON", Keyword::kOn, true},
    Entry{"OPTIONAL", Keyword::kOptional, true},
    Entry{"OR", Keyword::kOr, true},
    Entry{"ORDER", Keyword::kOrder, true},
    Entry{"PROFILE", Keyword::kProfile, false},
    Entry{"REDUCE", Keyword::kReduce, false},
    Entry{"REMOVE", Keyword::kRemove, true},
    Entry{"RETURN", Keyword::kReturn, true},
    Entry{"SET", Keyword::kSet, true},
    Entry{"SHOW", Keyword::kShow, false},
    Entry{"SINGLE", Keyword::kSingle, false},
    Entry{"SKIP", Keyword::kSkip, true},
    Entry{"STARTS", Keyword::kStarts, true},
    Entry{"THEN", Keyword::kThen, true},
    Entry{"TRUE", Keyword::kTrue, true},
    Entry{"UNION", Keyword::kUnion, true},
    Entry{"UNWIND", Keyword::kUnwind, true},
    Entry{"USE", Keyword::kUse, false},
    Entry{"WHEN", Keyword::kWhen, true},
    Entry{"WHERE", Keyword::kWhere, true},
    Entry{"WITH", Keyword::kWith, true},
    Entry{"XOR", Keyword::kXor, true},
    Entry{"YIELD", Keyword::kYield, false},
};

constexpr bool IsTableInOrder() {
  for (size_t i = 0; i < kKeywords.size(); ++i) {
    if (kKeywords[i].keyword != static_cast<Keyword>(i + 1)) return false;
    if (i > 0 && !(kKeywords[i - 1].name < kKeywords[i].name)) return false;
  }
  return true;
}
static_assert(IsTableInOrder(), "sorted by name, and in the order of the enumeration");

constexpr size_t kLongestKeyword = 15;

constexpr std::array<std::string_view, kKeywords.size()> MakeNames() {
  std::array<std::string_view, kKeywords.size()> names{};
  for (size_t i = 0; i < kKeywords.size(); ++i) names[i] = kKeywords[i].name;
  return names;
}
constexpr auto kNames = MakeNames();

}  // namespace

std::string_view Name(Keyword keyword) {
  return keyword == Keyword::kNone ? std::string_view() : kKeywords[static_cast<size_t>(keyword) - 1].name;
}

Keyword FindKeyword(std::string_view word) {
  if (word.empty() || word.size() > kLongestKeyword) return Keyword::kNone;
  std::array<char, kLongestKeyword> upper;
  std::transform(word.begin(), word.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::string_view key(upper.data(), word.size());
  const auto found = std::lower_bound(kKeywords.begin(), kKeywords.end(), key,
                                      [](const Entry& e, std::string_view k) { return e.name < k; });
  return found != kKeywords.end() && found->name == key ? found->keyword : Keyword::kNone;
}

bool IsReserved(Keyword keyword) {
  return keyword != Keyword::kNone && kKeywords[static_cast<size_t>(keyword) - 1].reserved;
}

std::span<const std::string_view> KeywordNames() {
  return kNames;
}

}  // namespace tupu
