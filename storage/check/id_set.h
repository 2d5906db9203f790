#pragma once

#include <bitset>
#include <cstdint>
#include <unordered_map>

namespace tupu {

/// A set of ids that are mostly dense: a bit each, 65,536 at a time.
class IdSet {
 public:
  void Add(uint64_t id) { chunks_[id >> 16].set(id & 0xffff); }
  bool Has(uint64_t id) const {
    const auto found = chunks_.find(id >> 16);
    return found != chunks_.end() && found->second.test(id & 0xffff);
  }

 private:
  std::unordered_map<uint64_t, std::bitset<65'536>> chunks_;
};

}  // namespace tupu
