#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tupu {

/// The words with a meaning in the grammar. kNone is any other word.
enum class Keyword : uint8_t {
  kNone,
  kAll,
  kAnd,
  kAny,
  kAs,
  kAsc,
  kAscending,
  kBy,
  kCall,
  kCase,
  kCollect,
  kContains,
  kCount,
  kCreate,
  kCsv,
  kDelete,
  kDesc,
  kDescending,
  kDetach,
  kDistinct,
  kDrop,
  kElse,
  kEnd,
  kEnds,
  kExists,
  kExplain,
  kFalse,
  kFieldterminator,
  kFilter,
  kFinish,
  kForeach,
  kFrom,
  kHeaders,
  kIn,
  kInsert,
  kIs,
  kLet,
  kLimit,
  kLoad,
  kMatch,
  kMerge,
  kNodetach,
  kNone_,
  kNot,
  kNull,
  kOf,
  kOffset,
  kOn,
  kOptional,
  kOr,
  kOrder,
  kProfile,
  kReduce,
  kRemove,
  kReturn,
  kSet,
  kShow,
  kSingle,
  kSkip,
  kStarts,
  kThen,
  kTrue,
  kUnion,
  kUnwind,
  kUse,
  kWhen,
  kWhere,
  kWith,
  kXor,
  kYield,
};

/// Upper case, as messages print it. Empty for kNone.
std::string_view Name(Keyword keyword);

/// Case-insensitive.
Keyword FindKeyword(std::string_view word);

/// Reserved: the word cannot name a variable unless it is quoted. It can still name a label, a type, a property.
bool IsReserved(Keyword keyword);

/// All of them in alphabetical order, for completion in a shell.
std::span<const std::string_view> KeywordNames();

}  // namespace tupu
