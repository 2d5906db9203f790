#include "loaders/load_context.h"

#include <algorithm>

#include <fmt/format.h>

#include "loaders/merge/property_merge.h"

namespace tupu {

const std::vector<LabelId>& NameCells::Labels(std::string_view cell) {
  if (last_label_ids_ != nullptr && cell == last_labels_) return *last_label_ids_;
  const auto [entry, is_new] = labels_.try_emplace(std::string(cell));
  std::vector<LabelId>& ids = entry->second;
  if (is_new) {
    for (size_t begin = 0; begin <= cell.size();) {
      const size_t end = std::min(cell.find(delimiter_, begin), cell.size());
      if (end > begin) ids.push_back(transaction_.InternLabel(cell.substr(begin, end - begin)));
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
  last_type_id_ =
      found != types_.end() ? found->second : types_.emplace(cell, transaction_.InternEdgeType(cell)).first->second;
  last_type_ = cell;
  return last_type_id_;
}

void LoadContext::AddSource(Properties& properties) const {
  if (options.source.empty()) return;
  const PropertyKeyId key = transaction.InternPropertyKey("sources");
  const bool named = std::any_of(properties.begin(), properties.end(), [&](const auto& p) { return p.first == key; });
  if (!named) properties.emplace_back(key, List{Value(options.source)});
}

Result<VertexId> LoadContext::ResolveEnd(uint32_t group, std::string_view id, std::string_view end) const {
  TUPU_TRY_ASSIGN(const std::optional<VertexId> vertex, vertices.Resolve(group, id));
  if (vertex) return *vertex;
  Error error{ErrorCode::kInvalidArgument,
              fmt::format("there is no {} vertex \"{}\" in the group \"{}\"; mend the id, name its group in the header "
                          "(:{}_ID(group)), or load its vertices first or with this file",
                          end, id, vertices.GroupName(group), end == "start" ? "START" : "END")};
  if (!plan.notices.empty()) error.hint = "files passed over: " + plan.notices[0];
  return error;
}

}  // namespace tupu
