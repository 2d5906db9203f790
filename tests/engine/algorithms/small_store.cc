#include "tests/engine/algorithms/small_store.h"

#include <stdexcept>
#include <utility>

namespace tupu::test {
namespace {

/// The value, or an exception that GoogleTest reports with the error's message.
template <class T>
T Must(Result<T> result) {
  if (!result.has_value()) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

void Must(const Status& status) {
  if (!status.has_value()) throw std::runtime_error(status.error().message);
}

}  // namespace

SmallStore::SmallStore(std::string_view ontology) : store_(Must(GraphStore::OpenInMemory())) {
  if (!ontology.empty()) Must(transaction().SetOntology(ontology));
  Commit();
}

GraphTransaction& SmallStore::transaction() {
  if (transaction_ == nullptr) transaction_ = Must(store_->BeginWrite());
  return *transaction_;
}

VertexId SmallStore::AddVertex(const std::string& name, const std::vector<std::string>& labels) {
  std::vector<LabelId> label_ids;
  for (const std::string& label : labels) label_ids.push_back(transaction().InternLabel(label));
  const Properties properties = {{transaction().InternPropertyKey("name"), Value(name)}};
  const VertexId id = Must(transaction().CreateVertex(label_ids, properties));
  ids_.emplace(name, id);
  names_.emplace(id, name);
  return id;
}

void SmallStore::AddEdge(const std::string& start, std::string_view type, const std::string& end,
                         const std::vector<std::pair<std::string, Value>>& properties) {
  Properties interned;
  for (const auto& [key, value] : properties) interned.emplace_back(transaction().InternPropertyKey(key), value);
  Must(transaction().CreateEdge(IdOf(start), transaction().InternEdgeType(type), IdOf(end), interned));
}

void SmallStore::Commit() {
  Must(transaction().Commit());
  transaction_ = nullptr;
  view_ = Must(store_->Snapshot());
}

}  // namespace tupu::test
