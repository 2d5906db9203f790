#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/base/zone_rule.h"

namespace tupu {

/// A named zone of the system's time zone database: its offset from UTC at every moment.
///
/// Before the first recorded change the zone's first offset holds, as a rule its local mean time. After the last one the
/// rule goes on by which the zone lives today, for ever, so that the year 2500 has its summer time too; a zone whose file
/// states no rule keeps its last offset.
///
/// Source  the changes: Hinnant's date library, from /usr/share/zoneinfo (package tzdata); the rule: the last line of the
///         zone's file there, which that library does not read.
class TimeZone {
 public:
  /// The zone of that name, spelled as the database has it ("Europe/Stockholm"); lives as long as the process.
  ///
  /// Errors  kInvalidArgument for an unknown name, the nearest names in the hint; kNotFound where the system has no
  ///         database.
  /// Cost    the first zone lists the database (some milliseconds), each new one reads its file; then a look-up.
  /// Threads any number at once.
  static Result<const TimeZone*> Find(std::string_view name);

  /// Seconds east of UTC at an instant.
  int32_t OffsetAt(int64_t utc_seconds) const;

  /// The offset by which a wall clock is turned into its instant. A clock that is put back shows an hour twice: the
  /// earlier of the two instants is meant, unless `preferred` is an offset under which the clock shows this time. A clock
  /// that is put forward leaves an hour out: a time in it is moved on by the length of the gap, so the instant lies
  /// behind the gap and its own offset is another. (As java.time resolves both.)
  int32_t OffsetOfLocal(int64_t local_seconds, std::optional<int32_t> preferred) const;

 private:
  struct Span {
    int64_t begin;  // UTC seconds; ends where the next one begins
    int32_t offset_seconds;
  };
  static Result<TimeZone> Read(const std::string& name);

  std::vector<Span> spans_;  // in order, never empty
  std::optional<ZoneRule> rule_;
};

}  // namespace tupu
