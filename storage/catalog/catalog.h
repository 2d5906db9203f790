#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/ids.h>

namespace tupu {

/// One dictionary: names <-> dense ids, never renumbered.
/// Threads: safe; a returned name lives as long as the dictionary.
template <class Id>
class NameTable {
 public:
  std::optional<Id> Find(std::string_view name) const {
    std::shared_lock lock(mutex_);
    const auto found = ids_.find(name);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }

  /// Requires: `id` was given out by this table.
  std::string_view GetName(Id id) const {
    std::shared_lock lock(mutex_);
    return names_[ToInteger(id)];
  }

  Id Intern(std::string_view name) {
    std::unique_lock lock(mutex_);
    if (const auto found = ids_.find(name); found != ids_.end()) return found->second;
    const Id id = static_cast<Id>(names_.size());
    names_.emplace_back(name);
    ids_.emplace(names_.back(), id);
    return id;
  }

  size_t size() const {
    std::shared_lock lock(mutex_);
    return names_.size();
  }

 private:
  mutable std::shared_mutex mutex_;
  std::deque<std::string> names_;  // a deque: views into it stay good while it grows
  std::unordered_map<std::string_view, Id> ids_;
};

/// The names of a store. Names once given stay, used or not.
class Catalog {
 public:
  NameTable<LabelId>& labels() { return labels_; }
  NameTable<EdgeTypeId>& edge_types() { return edge_types_; }
  NameTable<PropertyKeyId>& property_keys() { return property_keys_; }
  const NameTable<LabelId>& labels() const { return labels_; }
  const NameTable<EdgeTypeId>& edge_types() const { return edge_types_; }
  const NameTable<PropertyKeyId>& property_keys() const { return property_keys_; }

 private:
  NameTable<LabelId> labels_;
  NameTable<EdgeTypeId> edge_types_;
  NameTable<PropertyKeyId> property_keys_;
};

}  // namespace tupu
