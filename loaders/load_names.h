#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tupu/ids.h>

#include "storage/graph/graph_view.h"

namespace tupu {

/// Where the readers of files get the ids of names: a transaction, or a bulk load. A new name gets the next id.
class LoadNames {
 public:
  virtual ~LoadNames() = default;
  virtual LabelId Label(std::string_view name) = 0;
  virtual EdgeTypeId Type(std::string_view name) = 0;
  virtual PropertyKeyId Key(std::string_view name) = 0;
  /// A number for an id group, good for this load.
  virtual uint32_t Group(std::string_view name) = 0;
};

/// Label and type names of cells -> ids; most rows repeat the one before.
class NameCells {
 public:
  NameCells(LoadNames& names, char delimiter) : names_(names), delimiter_(delimiter) {}

  /// "Organization;Firm" -> sorted ids. Lives as long as this.
  const std::vector<LabelId>& Labels(std::string_view cell);
  EdgeTypeId Type(std::string_view cell);

 private:
  LoadNames& names_;
  char delimiter_;
  std::unordered_map<std::string, std::vector<LabelId>> labels_;
  std::unordered_map<std::string, EdgeTypeId> types_;
  std::string last_labels_;
  const std::vector<LabelId>* last_label_ids_ = nullptr;
  std::string last_type_;
  EdgeTypeId last_type_id_{};
};

/// `source` as the row's `sources`, if it names none. Sorts nothing.
void AddLoadSource(std::string_view source, PropertyKeyId sources, Properties& properties);

}  // namespace tupu
