#include "loaders/load_names.h"

#include <algorithm>

namespace tupu {

const std::vector<LabelId>& NameCells::Labels(std::string_view cell) {
  if (last_label_ids_ != nullptr && cell == last_labels_) return *last_label_ids_;
  const auto [entry, is_new] = labels_.try_emplace(std::string(cell));
  std::vector<LabelId>& ids = entry->second;
  if (is_new) {
    for (size_t begin = 0; begin <= cell.size();) {
      const size_t end = std::min(cell.find(delimiter_, begin), cell.size());
      if (end > begin) ids.push_back(names_.Label(cell.substr(begin, end - begin)));
      begin = end + 1;
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  last_labels_ = cell;
  last_label_ids_ = &ids;
  return ids;
}

EdgeTypeId NameCells::Type(std::string_view cell) {
  if (!last_type_.empty() && cell == last_type_) return last_type_id_;
  const auto found = types_.find(std::string(cell));
  last_type_id_ = found != types_.end() ? found->second : types_.emplace(cell, names_.Type(cell)).first->second;
  last_type_ = cell;
  return last_type_id_;
}

void AddLoadSource(std::string_view source, PropertyKeyId sources, Properties& properties) {
  const bool named =
      std::any_of(properties.begin(), properties.end(), [&](const auto& p) { return p.first == sources; });
  if (!named) properties.emplace_back(sources, List{Value(source)});
}

}  // namespace tupu
