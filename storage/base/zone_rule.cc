#include "storage/base/zone_rule.h"

#include "storage/base/calendar.h"

namespace tupu {

/// Takes the text apart from the left; each part is absent when the text has something else there.
class ZoneRule::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }

  bool Accept(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> TakeNumber(int low, int high) {
    int value = 0;
    size_t digits = 0;
    for (; digits < rest_.size() && digits < 4 && IsDigit(rest_[digits]); ++digits)
      value = value * 10 + (rest_[digits] - '0');
    if (digits == 0 || value < low || value > high) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

  /// CEST or <+0330>; the names of the two times are not kept.
  bool TakeName() {
    if (Accept('<')) {
      const size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    size_t letters = 0;
    while (letters < rest_.size() && IsLetter(rest_[letters])) ++letters;
    rest_.remove_prefix(letters);
    return letters >= 3;
  }

  /// [+-]h[h[h]][:mm[:ss]] in seconds.
  std::optional<int32_t> TakeClock() {
    const int sign = Accept('-') ? -1 : 1;
    if (sign == 1) Accept('+');
    const auto hours = TakeNumber(0, 167);
    if (!hours) return std::nullopt;
    int32_t seconds = *hours * 3600;
    for (const int32_t unit : {60, 1}) {
      if (!Accept(':')) break;
      const auto part = TakeNumber(0, 59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return sign * seconds;
  }

  std::optional<Change> TakeChange() {
    Change change;
    if (!Accept(',') || !TakeDay(change)) return std::nullopt;
    if (!Accept('/')) return change;
    const auto clock = TakeClock();
    if (!clock) return std::nullopt;
    change.seconds = *clock;
    return change;
  }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  bool Assign(int& to, std::optional<int> number) {
    to = number.value_or(0);
    return number.has_value();
  }

  bool TakeDay(Change& change) {
    if (Accept('M')) {
      change.form = Change::Form::kWeekday;
      return Assign(change.month, TakeNumber(1, 12)) && Accept('.') && Assign(change.week, TakeNumber(1, 5)) &&
             Accept('.') && Assign(change.day, TakeNumber(0, 6));
    }
    if (Accept('J')) {
      change.form = Change::Form::kDayWithoutLeapDay;
      return Assign(change.day, TakeNumber(1, 365));
    }
    return Assign(change.day, TakeNumber(0, 365));
  }

  std::string_view rest_;
};

std::optional<ZoneRule> ZoneRule::Parse(std::string_view text) {
  Reader in(text);
  ZoneRule rule;
  if (!in.TakeName()) return std::nullopt;
  const auto west = in.TakeClock();  // POSIX counts to the west
  if (!west) return std::nullopt;
  rule.standard_offset_ = -*west;
  if (in.done()) return rule;
  if (!in.TakeName()) return std::nullopt;
  Summer summer{rule.standard_offset_ + 3600, {}, {}};
  auto begins = in.TakeChange();
  if (!begins) {
    const auto summer_west = in.TakeClock();
    if (!summer_west) return std::nullopt;
    summer.offset_seconds = -*summer_west;
    begins = in.TakeChange();
  }
  const auto ends = in.TakeChange();
  if (!begins || !ends || !in.done()) return std::nullopt;
  summer.begins = *begins;
  summer.ends = *ends;
  rule.summer_ = summer;
  return rule;
}

int64_t ZoneRule::Change::LocalSeconds(int64_t year) const {
  const int64_t new_year = DaysFromCivil({year, 1, 1});
  int64_t days = new_year + day;
  if (form == Form::kDayWithoutLeapDay) {
    days = new_year + day - 1 + (IsLeapYear(year) && day > 59 ? 1 : 0);
  } else if (form == Form::kWeekday) {
    const int64_t first = DaysFromCivil({year, month, 1});
    days = first + FloorModulo(day - DayOfWeek(first), 7) + (week - 1) * 7;
    if (days >= first + DaysInMonth(year, month)) days -= 7;  // the fifth where there are four: the last
  }
  return days * kSecondsPerDay + seconds;
}

int32_t ZoneRule::OffsetAt(int64_t utc_seconds) const {
  if (!summer_) return standard_offset_;
  const int64_t year = CivilFromDays(FloorDivide(utc_seconds + standard_offset_, kSecondsPerDay)).year;
  const int64_t begin = summer_->begins.LocalSeconds(year) - standard_offset_;
  const int64_t end = summer_->ends.LocalSeconds(year) - summer_->offset_seconds;
  // South of the equator summer time runs over the new year.
  const bool is_summer = begin < end ? utc_seconds >= begin && utc_seconds < end  //
                                     : utc_seconds >= begin || utc_seconds < end;
  return is_summer ? summer_->offset_seconds : standard_offset_;
}

}  // namespace tupu
