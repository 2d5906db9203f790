#include "storage/base/time_zone.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <utility>

#include <date/tz.h>
#include <fmt/format.h>

#include "storage/base/calendar.h"
#include "storage/base/similar.h"

namespace tupu {

namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";

Result<const date::tzdb*> Database() {
  try {
    return &date::get_tzdb();
  } catch (const std::exception& error) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("the system has no time zone database ({}); install the package tzdata", error.what())};
  }
}

Error UnknownZone(std::string_view name, const date::tzdb& database) {
  constexpr size_t kLongest = 64;  // no name is longer
  if (name.size() > kLongest)
    return Error{ErrorCode::kInvalidArgument, fmt::format("unknown time zone '{}...'", name.substr(0, kLongest))};
  std::vector<std::string_view> names;
  for (const date::time_zone& zone : database.zones) names.emplace_back(zone.name());
  // "Stockholm" means Europe/Stockholm, however far the two are apart in letters.
  std::vector<std::string_view> cities;
  for (const std::string_view known : names)
    if (known.ends_with(name) && known.size() > name.size() && known[known.size() - name.size() - 1] == '/')
      cities.push_back(known);
  Error error{ErrorCode::kInvalidArgument, fmt::format("unknown time zone '{}'", name)};
  error.hint = cities.empty() ? DidYouMean(name, names) : fmt::format("Did you mean {}?", cities.front());
  return error;
}

// The last line of a TZif file: the rule after its last change. Nothing when there is none.
std::optional<ZoneRule> ReadRule(const std::string& name) {
  std::ifstream file(std::string(kFolder) + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!bytes.ends_with('\n')) return std::nullopt;
  const size_t before = bytes.rfind('\n', bytes.size() - 2);
  if (bytes.size() < 2 || before == std::string::npos) return std::nullopt;
  return ZoneRule::Parse(std::string_view(bytes).substr(before + 1, bytes.size() - before - 2));
}

}  // namespace

Result<TimeZone> TimeZone::Read(const std::string& name) {
  TUPU_TRY_ASSIGN(const date::tzdb* const database, Database());
  const auto found = std::ranges::find(database->zones, name, [](const date::time_zone& zone) { return zone.name(); });
  // "localtime" is the machine's own zone: what it means would differ where the database is opened next.
  if (found == database->zones.end() || name == "localtime" || name == "posixrules")
    return UnknownZone(name, *database);
  TimeZone zone;
  try {
    const date::sys_seconds last = date::sys_days{date::year::max() / date::December / 31};
    for (date::sys_seconds at = date::sys_days{date::year::min() / date::January / 1};;) {
      const date::sys_info info = found->get_info(at);
      zone.spans_.push_back({at.time_since_epoch().count(), static_cast<int32_t>(info.offset.count())});
      if (info.end <= at || info.end >= last) break;
      at = info.end;
    }
  } catch (const std::exception& error) {
    return Error{ErrorCode::kNotFound, fmt::format("the time zone '{}' cannot be read: {}", name, error.what())};
  }
  zone.rule_ = ReadRule(name);
  return zone;
}

Result<const TimeZone*> TimeZone::Find(std::string_view name) {
  // Zones stay for the life of the process: there are some hundred of them, and values refer to them by name only.
  static std::shared_mutex mutex;
  static std::map<std::string, std::unique_ptr<const TimeZone>, std::less<>> zones;
  {
    const std::shared_lock lock(mutex);
    if (const auto known = zones.find(name); known != zones.end()) return known->second.get();
  }
  TUPU_TRY_ASSIGN(TimeZone zone, Read(std::string(name)));
  const std::unique_lock lock(mutex);
  auto& kept = zones[std::string(name)];
  if (kept == nullptr) kept = std::make_unique<const TimeZone>(std::move(zone));
  return kept.get();
}

int32_t TimeZone::OffsetAt(int64_t utc_seconds) const {
  const auto next = std::ranges::upper_bound(spans_, utc_seconds, {}, &Span::begin);
  if (next == spans_.end() && rule_) return rule_->OffsetAt(utc_seconds);
  return next == spans_.begin() ? next->offset_seconds : std::prev(next)->offset_seconds;
}

// A zone changes its offset at most once in the two days round any moment, so the offsets of the day before and the day
// after are all there can be.
int32_t TimeZone::OffsetOfLocal(int64_t local_seconds, std::optional<int32_t> preferred) const {
  const auto shows = [&](int32_t offset) { return OffsetAt(local_seconds - offset) == offset; };
  if (preferred && shows(*preferred)) return *preferred;
  const int32_t before = OffsetAt(local_seconds - kSecondsPerDay);
  const int32_t after = OffsetAt(local_seconds + kSecondsPerDay);
  return !shows(before) && shows(after) ? after : before;
}

}  // namespace tupu
