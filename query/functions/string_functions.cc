// Functions of strings. Positions and lengths count code points; ICU knows the case of every script.

#include <algorithm>

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "query/functions/internal/function_tables.h"
#include "query/value/value_error.h"
#include "storage/base/utf8.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

Status RequireStrings(std::string_view function, Arguments arguments) {
  for (const Value& argument : arguments)
    if (argument.type() != ValueType::kString) return WrongArgument(function, "a STRING", argument);
  return {};
}

/// A count or position that may not be negative.
Result<size_t> TakeCount(std::string_view function, const Value& argument) {
  if (argument.type() != ValueType::kInteger) return WrongArgument(function, "an INTEGER", argument);
  if (argument.AsInteger() < 0)
    return ValueError("ArgumentError.NumberOutOfRange",
                      fmt::format("{}() takes no negative number such as {}", function, argument.AsInteger()));
  return static_cast<size_t>(argument.AsInteger());
}

// The bytes of `text` after its first `count` code points.
std::string_view SkipCodePoints(std::string_view text, size_t count) {
  for (; count > 0 && !text.empty(); --count) text.remove_prefix(DecodeUtf8(text).length);
  return text;
}

std::string_view FirstCodePoints(std::string_view text, size_t count) {
  return text.substr(0, text.size() - SkipCodePoints(text, count).size());
}

// ---- Case and form ----

std::string FromUnicode(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

template <bool kUpper>
Result<Value> ChangeCase(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings(kUpper ? "toUpper" : "toLower", arguments));
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(arguments[0].AsString());
  // The root locale: a query means the same on every machine.
  if (kUpper) {
    text.toUpper(icu::Locale::getRoot());
  } else {
    text.toLower(icu::Locale::getRoot());
  }
  return Value(FromUnicode(text));
}

Result<Value> Normalize(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("normalize", arguments));
  const std::string form = arguments.size() > 1 ? arguments[1].AsString() : "NFC";
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                       : form == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                       : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                       : form == "NFKD" ? icu::Normalizer2::getNFKDInstance(status)
                                                        : nullptr;
  if (normalizer == nullptr)
    return ValueError("ArgumentError.InvalidArgumentValue", "normalize() knows the forms NFC, NFD, NFKC and NFKD");
  const icu::UnicodeString text = normalizer->normalize(icu::UnicodeString::fromUTF8(arguments[0].AsString()), status);
  if (U_FAILURE(status)) return Error{ErrorCode::kInternal, fmt::format("ICU: {}", u_errorName(status))};
  return Value(FromUnicode(text));
}

// ---- Trimming ----

enum TrimEnds : int { kLeft = 1, kRight = 2, kBoth = 3 };

// Trims what `drop` names: Unicode's white space, or the characters of a second argument.
std::string Trimmed(std::string_view text, int ends, const std::optional<std::u32string>& characters) {
  const auto drop = [&](char32_t c) {
    return characters ? characters->find(c) != std::u32string::npos : u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
  };
  const std::u32string all = DecodeCodePoints(text);
  size_t begin = 0;
  size_t end = all.size();
  while ((ends & kLeft) != 0 && begin < end && drop(all[begin])) ++begin;
  while ((ends & kRight) != 0 && end > begin && drop(all[end - 1])) --end;
  return std::string(FirstCodePoints(SkipCodePoints(text, begin), end - begin));
}

template <int kEnds>
Result<Value> Trim(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings(kEnds == kLeft ? "ltrim" : kEnds == kRight ? "rtrim" : "trim", arguments));
  std::optional<std::u32string> characters;
  if (arguments.size() > 1) characters = DecodeCodePoints(arguments[1].AsString());
  return Value(Trimmed(arguments[0].AsString(), kEnds, characters));
}

// ---- Parts ----

Result<Value> Left(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("left", arguments.first(1)));
  TUPU_TRY_ASSIGN(const size_t count, TakeCount("left", arguments[1]));
  return Value(FirstCodePoints(arguments[0].AsString(), count));
}

Result<Value> Right(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("right", arguments.first(1)));
  TUPU_TRY_ASSIGN(const size_t count, TakeCount("right", arguments[1]));
  const size_t size = CountCodePoints(arguments[0].AsString());
  return Value(SkipCodePoints(arguments[0].AsString(), size - std::min(size, count)));
}

Result<Value> Substring(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("substring", arguments.first(1)));
  TUPU_TRY_ASSIGN(const size_t start, TakeCount("substring", arguments[1]));
  const std::string_view rest = SkipCodePoints(arguments[0].AsString(), start);
  if (arguments.size() == 2) return Value(rest);
  TUPU_TRY_ASSIGN(const size_t length, TakeCount("substring", arguments[2]));
  return Value(FirstCodePoints(rest, length));
}

Result<Value> Replace(Arguments arguments, FunctionContext& context) {
  TUPU_TRY(RequireStrings("replace", arguments));
  const std::string& text = arguments[0].AsString();
  const std::string& search = arguments[1].AsString();
  const std::string& replacement = arguments[2].AsString();
  if (search.empty()) return arguments[0];
  std::string out;
  size_t begin = 0;
  for (size_t hit = text.find(search); hit != std::string::npos; hit = text.find(search, begin)) {
    out.append(text, begin, hit - begin).append(replacement);
    begin = hit + search.size();
    TUPU_TRY(CheckSize("replace", out.size(), context));
  }
  out.append(text, begin);
  return Value(std::move(out));
}

List SplitCharacters(std::string_view text) {
  List parts;
  while (!text.empty()) {
    const size_t length = DecodeUtf8(text).length;
    parts.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return parts;
}

// split(text, delimiter) or split(text, [delimiters]); an empty delimiter splits between all characters.
Result<Value> Split(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("split", arguments.first(1)));
  const List delimiters = arguments[1].type() == ValueType::kList ? arguments[1].AsList() : List{arguments[1]};
  TUPU_TRY(RequireStrings("split", delimiters));
  const std::string_view text = arguments[0].AsString();
  if (std::ranges::any_of(delimiters, [](const Value& delimiter) { return delimiter.AsString().empty(); }))
    return Value(SplitCharacters(text));
  List parts;
  size_t begin = 0;
  for (size_t i = 0; i < text.size();) {
    const auto hit = std::ranges::find_if(
        delimiters, [&](const Value& delimiter) { return text.substr(i).starts_with(delimiter.AsString()); });
    if (hit == delimiters.end()) {
      ++i;
      continue;
    }
    parts.emplace_back(text.substr(begin, i - begin));
    i += hit->AsString().size();
    begin = i;
  }
  parts.emplace_back(text.substr(begin));
  return Value(std::move(parts));
}

Result<Value> CharacterLength(Arguments arguments, FunctionContext&) {
  TUPU_TRY(RequireStrings("char_length", arguments));
  return Value(static_cast<int64_t>(CountCodePoints(arguments[0].AsString())));
}

constexpr auto& kStrings = kTypesOf<StaticKind::kString>;
constexpr auto& kIntegers = kTypesOf<StaticKind::kInteger>;
constexpr StaticType kDelimiterTypes[] = {kString, kStringList};
constexpr ParameterTypes kAllStrings[] = {kStrings};
constexpr ParameterTypes kStringAndCounts[] = {kStrings, kIntegers};
constexpr ParameterTypes kStringAndDelimiters[] = {kStrings, kDelimiterTypes};

constexpr auto kString0 = Always<StaticKind::kString>;

// clang-format off
constexpr Function kFunctions[] = {
  {.name = "toUpper", .min_arguments = 1, .max_arguments = 1, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = ChangeCase<true>},
  {.name = "toLower", .min_arguments = 1, .max_arguments = 1, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = ChangeCase<false>},
  {.name = "normalize", .min_arguments = 1, .max_arguments = 2, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Normalize},
  {.name = "trim", .min_arguments = 1, .max_arguments = 2, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Trim<kBoth>},
  {.name = "btrim", .min_arguments = 1, .max_arguments = 2, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Trim<kBoth>},
  {.name = "ltrim", .min_arguments = 1, .max_arguments = 2, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Trim<kLeft>},
  {.name = "rtrim", .min_arguments = 1, .max_arguments = 2, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Trim<kRight>},
  {.name = "left", .min_arguments = 2, .max_arguments = 2, .parameters = kStringAndCounts,
   .result_type = kString0, .evaluate = Left},
  {.name = "right", .min_arguments = 2, .max_arguments = 2, .parameters = kStringAndCounts,
   .result_type = kString0, .evaluate = Right},
  {.name = "substring", .min_arguments = 2, .max_arguments = 3, .parameters = kStringAndCounts,
   .result_type = kString0, .evaluate = Substring},
  {.name = "replace", .min_arguments = 3, .max_arguments = 3, .parameters = kAllStrings,
   .result_type = kString0, .evaluate = Replace},
  {.name = "split", .min_arguments = 2, .max_arguments = 2, .parameters = kStringAndDelimiters,
   .result_type = Always<StaticKind::kString, 1>, .evaluate = Split},
  {.name = "char_length", .min_arguments = 1, .max_arguments = 1, .parameters = kAllStrings,
   .result_type = Always<StaticKind::kInteger>, .evaluate = CharacterLength},
};
// clang-format on

}  // namespace

std::span<const Function> StringFunctions() {
  return kFunctions;
}

}  // namespace tupu
