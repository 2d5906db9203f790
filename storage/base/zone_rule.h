#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tupu {

/// The rule by which a zone goes on after its last recorded change: standard time, and the two days of each year on which
/// summer time begins and ends. It repeats every year for ever, so it holds for every year of our calendar.
///
/// Source  POSIX.1-2017, 8.3 "TZ", with the hours from -167 to 167 of RFC 9636, 3.3: the last line of a TZif file,
///         such as "CET-1CEST,M3.5.0,M10.5.0/3".
class ZoneRule {
 public:
  /// Nothing when the text is not a rule. A summer time without its two days, which POSIX leaves to the system, is none.
  static std::optional<ZoneRule> Parse(std::string_view text);

  /// Seconds east of UTC.
  int32_t OffsetAt(int64_t utc_seconds) const;

 private:
  /// A moment of each year, by the wall clock that it ends.
  struct Change {
    enum class Form : uint8_t {
      kDayWithoutLeapDay,  // Jn: [1, 365], February 29th is never counted
      kDayFromZero,        // n: [0, 365]
      kWeekday,            // Mm.w.d: the w-th such weekday of a month, 5 is the last; Sunday is 0
    };
    Form form = Form::kDayFromZero;
    int month = 0;
    int week = 0;
    int day = 0;
    int32_t seconds = 7200;  // after midnight, may be negative or more than a day

    /// Seconds since 1970-01-01T00:00 of that wall clock.
    int64_t LocalSeconds(int64_t year) const;
  };
  struct Summer {
    int32_t offset_seconds = 0;
    Change begins;
    Change ends;
  };
  class Reader;

  int32_t standard_offset_ = 0;
  std::optional<Summer> summer_;
};

}  // namespace tupu
