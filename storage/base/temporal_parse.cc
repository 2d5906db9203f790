// Recursive descent over the ISO 8601 spellings that openCypher knows. Every Scan... function consumes what it
// understands and leaves the rest to its caller, which checks that nothing remains.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <tupu/temporal.h>

#include "storage/base/calendar.h"
#include "storage/base/time_zone.h"

namespace tupu {

namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }

  bool Accept(char c) {
    if (Peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// -1 or +1, and whether a sign was there.
  std::optional<int> AcceptSign() {
    if (Accept('-')) return -1;
    if (Accept('+')) return 1;
    return std::nullopt;
  }
  size_t CountDigits() const {
    size_t count = 0;
    while (count < rest_.size() && IsDigit(rest_[count])) ++count;
    return count;
  }
  /// Exactly `count` digits, count <= 18.
  std::optional<int64_t> TakeDigits(size_t count) {
    if (CountDigits() < count) return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(count);
    return value;
  }
  std::string_view Take(size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

Error Malformed(std::string_view what) {
  return Error{ErrorCode::kInvalidArgument, std::string(what)};
}

Result<Date> ScanWeekDate(Scanner& in, int64_t year, bool extended) {
  const auto week = in.TakeDigits(2);
  if (!week) return Malformed("a week has two digits");
  if (extended ? !in.Accept('-') : in.CountDigits() == 0) return MakeWeekDate(year, *week, 1);
  const auto day = in.TakeDigits(1);
  if (!day) return Malformed("a day of the week has one digit");
  return MakeWeekDate(year, *week, *day);
}

Result<Date> ScanQuarterDate(Scanner& in, int64_t year, bool extended) {
  const auto quarter = in.TakeDigits(1);
  if (!quarter) return Malformed("a quarter has one digit");
  if (extended ? !in.Accept('-') : in.CountDigits() == 0) return MakeQuarterDate(year, *quarter, 1);
  const auto day = in.TakeDigits(2);
  if (!day) return Malformed("a day of the quarter has two digits");
  return MakeQuarterDate(year, *quarter, *day);
}

// What follows the year, after its dash.
Result<Date> ScanExtendedDate(Scanner& in, int64_t year) {
  if (in.Accept('W')) return ScanWeekDate(in, year, true);
  if (in.Accept('Q')) return ScanQuarterDate(in, year, true);
  if (in.CountDigits() == 3) return MakeOrdinalDate(year, *in.TakeDigits(3));
  const auto month = in.TakeDigits(2);
  if (!month) return Malformed("a month has two digits");
  if (!in.Accept('-')) return MakeDate(year, *month, 1);
  const auto day = in.TakeDigits(2);
  if (!day) return Malformed("a day has two digits");
  return MakeDate(year, *month, *day);
}

Result<Date> ScanDate(Scanner& in) {
  const std::optional<int> sign = in.AcceptSign();
  const size_t digits = in.CountDigits();
  if (sign && (digits < 1 || digits > 9)) return Malformed("a signed year has one to nine digits");
  if (!sign && digits != 4 && digits != 6 && digits != 7 && digits != 8)
    return Malformed("a year has four digits, or a sign and up to nine");
  const int64_t year = *in.TakeDigits(sign ? digits : 4) * sign.value_or(1);
  if (in.Accept('-')) return ScanExtendedDate(in, year);
  if (in.Accept('W')) return ScanWeekDate(in, year, false);
  if (in.Accept('Q')) return ScanQuarterDate(in, year, false);
  switch (in.CountDigits()) {
    case 2: return MakeDate(year, *in.TakeDigits(2), 1);
    case 3: return MakeOrdinalDate(year, *in.TakeDigits(3));
    case 4: {
      const int64_t month = *in.TakeDigits(2);
      return MakeDate(year, month, *in.TakeDigits(2));
    }
    default: return MakeDate(year, 1, 1);
  }
}

// The digits after a decimal point or comma as nanoseconds.
Result<int64_t> ScanFraction(Scanner& in) {
  const size_t digits = in.CountDigits();
  if (digits < 1 || digits > 9) return Malformed("a fraction of a second has one to nine digits");
  int64_t nanoseconds = *in.TakeDigits(digits);
  for (size_t i = digits; i < 9; ++i) nanoseconds *= 10;
  return nanoseconds;
}

Result<LocalTime> ScanLocalTime(Scanner& in) {
  const auto hour = in.TakeDigits(2);
  if (!hour) return Malformed("an hour has two digits");
  int64_t parts[2] = {0, 0};  // minute, second
  const bool extended = in.Peek() == ':';
  int taken = 0;
  for (; taken < 2; ++taken) {
    if (extended ? !in.Accept(':') : in.CountDigits() == 0) break;
    const auto part = in.TakeDigits(2);
    if (!part) return Malformed("minutes and seconds have two digits");
    parts[taken] = *part;
  }
  int64_t nanoseconds = 0;
  if (taken == 2 && (in.Accept('.') || in.Accept(','))) {
    TUPU_TRY_ASSIGN(nanoseconds, ScanFraction(in));
  }
  return MakeLocalTime(*hour, parts[0], parts[1], nanoseconds);
}

// Z, +hh, +hhmm, +hh:mm, +hhmmss or +hh:mm:ss; nothing when the text goes on otherwise.
Result<std::optional<int32_t>> ScanOffset(Scanner& in) {
  if (in.Accept('Z') || in.Accept('z')) return std::optional<int32_t>(0);
  const std::optional<int> sign = in.AcceptSign();
  if (!sign) return std::optional<int32_t>();
  int64_t parts[3] = {0, 0, 0};
  bool extended = false;
  for (int i = 0; i < 3; ++i) {
    if (i == 1) extended = in.Peek() == ':';
    if (i > 0 && (extended ? !in.Accept(':') : in.CountDigits() == 0)) break;
    const auto part = in.TakeDigits(2);
    if (!part) return Malformed("hours and minutes of an offset have two digits");
    parts[i] = *part;
  }
  const int64_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (parts[1] > 59 || parts[2] > 59 || seconds > kMaxOffsetSeconds)
    return Malformed("an offset lies between -18:00 and +18:00");
  return std::optional<int32_t>(static_cast<int32_t>(seconds * *sign));
}

// America/Los Angeles, as it is often written.
std::string ZoneName(std::string_view text) {
  std::string name(text);
  std::ranges::replace(name, ' ', '_');
  return name;
}

// [Area/City]; empty when there is none.
Result<std::string> ScanZoneName(Scanner& in) {
  if (!in.Accept('[')) return std::string();
  const size_t end = in.rest().find(']');
  if (end == std::string_view::npos || end == 0) return Malformed("a zone stands in brackets: [Europe/Stockholm]");
  std::string zone = ZoneName(in.Take(end));
  in.Accept(']');
  return zone;
}

Result<LocalDateTime> ScanLocalDateTime(Scanner& in) {
  TUPU_TRY_ASSIGN(const Date date, ScanDate(in));
  if (!in.Accept('T') && !in.Accept('t')) return Combine(date, LocalTime{});
  TUPU_TRY_ASSIGN(const LocalTime time, ScanLocalTime(in));
  return Combine(date, time);
}

// A time knows offsets only, since that of a zone depends on the date: a name beside the offset must be a zone's.
Result<Time> ScanTime(Scanner& in) {
  TUPU_TRY_ASSIGN(const LocalTime local, ScanLocalTime(in));
  TUPU_TRY_ASSIGN(const std::optional<int32_t> offset, ScanOffset(in));
  TUPU_TRY_ASSIGN(const std::string zone, ScanZoneName(in));
  if (!zone.empty()) TUPU_TRY(TimeZone::Find(zone));
  if (!zone.empty() && !offset)
    return Malformed(
        fmt::format("the offset of {} depends on the date; write it before the zone: +01:00[{}]", zone, zone));
  return Time{local, offset.value_or(0)};
}

Result<DateTime> ScanDateTime(Scanner& in) {
  TUPU_TRY_ASSIGN(const LocalDateTime local, ScanLocalDateTime(in));
  TUPU_TRY_ASSIGN(const std::optional<int32_t> offset, ScanOffset(in));
  TUPU_TRY_ASSIGN(std::string zone, ScanZoneName(in));
  TUPU_TRY_ASSIGN(DateTime time, AtLocal(local, Zone{offset.value_or(0), std::move(zone)}, offset));
  if (offset && time.offset_seconds != *offset)
    return Malformed(fmt::format("{} is at {} then, not at the offset before it", time.zone,
                                 Format(Time{LocalTime{}, time.offset_seconds}).substr(5)));
  return time;
}

// A number as it stands before a unit of a duration: sign, digits, fraction.
Result<long double> ScanNumber(Scanner& in) {
  const int sign = in.AcceptSign().value_or(1);
  const size_t digits = in.CountDigits();
  if (digits < 1 || digits > 19) return Malformed("a part of a duration has one to nineteen digits");
  long double value = 0;  // its 64 bits hold nineteen digits
  for (const char digit : in.Take(digits)) value = value * 10 + (digit - '0');
  if (in.Accept('.') || in.Accept(',')) {
    const size_t places = in.CountDigits();
    if (places < 1 || places > 18) return Malformed("a fraction has one to eighteen digits");
    long double scale = 1;
    for (size_t i = 0; i < places; ++i) scale *= 10;
    value += static_cast<long double>(*in.TakeDigits(places)) / scale;
  }
  return value * sign;
}

struct DurationUnit {
  char letter;
  long double DurationParts::*part;
  int factor;
};
constexpr DurationUnit kDateUnits[] = {{'Y', &DurationParts::months, 12},
                                       {'M', &DurationParts::months, 1},
                                       {'W', &DurationParts::days, 7},
                                       {'D', &DurationParts::days, 1}};
constexpr DurationUnit kClockUnits[] = {
    {'H', &DurationParts::seconds, 3600}, {'M', &DurationParts::seconds, 60}, {'S', &DurationParts::seconds, 1}};

// Number and unit pairs, each unit at most once and in order. Returns how many there were.
template <size_t kCount>
Result<int> ScanUnits(Scanner& in, const DurationUnit (&units)[kCount], DurationParts& parts) {
  size_t next = 0;
  int found = 0;
  while (!in.done() && in.Peek() != 'T') {
    TUPU_TRY_ASSIGN(const long double number, ScanNumber(in));
    while (next < kCount && !in.Accept(units[next].letter)) ++next;
    if (next == kCount) return Malformed("units come in the order Y M W D, then T, H M S, each once");
    parts.*units[next].part += number * units[next].factor;
    ++next;
    ++found;
  }
  return found;
}

// P2012-02-02T14:37:21.545 or P20120202T143721.545: every part in its place, as ISO 8601 allows.
Result<Duration> ScanDurationAsDateTime(Scanner& in, int sign) {
  const auto years = in.TakeDigits(4);
  const bool extended = in.Accept('-');
  const auto months = in.TakeDigits(2);
  if (extended && !in.Accept('-')) return Malformed("a duration in the form of a date is PYYYY-MM-DDThh:mm:ss");
  const auto days = in.TakeDigits(2);
  if (!years || !months || !days) return Malformed("a duration in the form of a date is PYYYY-MM-DDThh:mm:ss");
  LocalTime time;
  if (in.Accept('T')) {
    TUPU_TRY_ASSIGN(time, ScanLocalTime(in));
  }
  return MakeDuration(sign * (*years * 12 + *months), sign * *days, 0, sign * time.nanoseconds);
}

// Four digits and a dash, or eight digits to the end or to the T: else the digits count a unit.
bool LooksLikeDate(const Scanner& in) {
  const size_t digits = in.CountDigits();
  const char next = digits < in.rest().size() ? in.rest()[digits] : '\0';
  return (digits == 4 && next == '-') || (digits == 8 && (next == 'T' || next == '\0'));
}

Result<Duration> ScanDuration(Scanner& in) {
  const int sign = in.AcceptSign().value_or(1);
  if (!in.Accept('P')) return Malformed("a duration starts with P");
  if (LooksLikeDate(in)) return ScanDurationAsDateTime(in, sign);
  DurationParts parts;
  TUPU_TRY_ASSIGN(int units, ScanUnits(in, kDateUnits, parts));
  if (in.Accept('T')) {
    TUPU_TRY_ASSIGN(const int clock_units, ScanUnits(in, kClockUnits, parts));
    if (clock_units == 0) return Malformed("after T a duration has hours, minutes or seconds");
    units += clock_units;
  }
  if (units == 0) return Malformed("a duration has at least one part, such as P1D");
  return MakeDuration({parts.months * sign, parts.days * sign, parts.seconds * sign, 0});
}

std::string Shortened(std::string_view text) {
  constexpr size_t kShown = 60;
  return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
}

template <class T>
Result<T> ParseWhole(std::string_view text, std::string_view kind, Result<T> (*scan)(Scanner&)) {
  Scanner in(text);
  Result<T> value = scan(in);
  if (value && in.done()) return value;
  Error error =
      value ? Malformed(fmt::format("nothing may follow at '{}'", Shortened(in.rest()))) : std::move(value).error();
  error.message = fmt::format("'{}' is not a {}: {}", Shortened(text), kind, error.message);
  return error;
}

}  // namespace

Result<Date> ParseDate(std::string_view text) {
  return ParseWhole(text, "date", ScanDate);
}
Result<LocalTime> ParseLocalTime(std::string_view text) {
  return ParseWhole(text, "local time", ScanLocalTime);
}
Result<Zone> ParseZone(std::string_view text) {
  const bool is_offset = text == "Z" || text == "z" || text.starts_with('+') || text.starts_with('-');
  if (is_offset) {
    TUPU_TRY_ASSIGN(const std::optional<int32_t> offset, ParseWhole(text, "time zone", ScanOffset));
    return Zone{offset.value_or(0), {}};
  }
  std::string name = ZoneName(text);
  TUPU_TRY(TimeZone::Find(name));
  return Zone{0, std::move(name)};
}
Result<Time> ParseTime(std::string_view text) {
  return ParseWhole(text, "time", ScanTime);
}
Result<LocalDateTime> ParseLocalDateTime(std::string_view text) {
  return ParseWhole(text, "local date and time", ScanLocalDateTime);
}
Result<DateTime> ParseDateTime(std::string_view text) {
  return ParseWhole(text, "date and time", ScanDateTime);
}
Result<Duration> ParseDuration(std::string_view text) {
  return ParseWhole(text, "duration", ScanDuration);
}

}  // namespace tupu
