#include "storage/bulk/stored_keys.h"

#include <algorithm>

namespace tupu {

Result<const StoredKeys::Pair*> StoredKeys::Find(std::string_view prefix) {
  ++asked_;
  while (at_ < read_.size() && read_[at_].first < prefix) ++at_;
  if (at_ == read_.size() && !ended_) TUPU_TRY(ReadFrom(prefix));
  const bool found = at_ < read_.size() && read_[at_].first.starts_with(prefix);
  return found ? &read_[at_] : nullptr;
}

Status StoredKeys::ReadFrom(std::string_view begin) {
  // More at once if what was read before was of use.
  limit_ = 4 * asked_ >= limit_ ? std::min(2 * limit_, kMost) : std::max(limit_ / 2, kLeast);
  asked_ = 0;
  at_ = 0;
  read_.clear();
  size_t bytes = 0;
  ended_ = true;
  return kv_.Scan(space_, begin, end_, [&](std::string_view key, std::string_view value) {
    read_.emplace_back(key, value);
    bytes += key.size() + value.size();
    ended_ = read_.size() < limit_ && bytes < kMostBytes;
    return ended_;
  });
}

}  // namespace tupu
