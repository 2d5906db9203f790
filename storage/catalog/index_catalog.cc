#include "storage/catalog/index_catalog.h"

#include <algorithm>

namespace tupu {

namespace {

template <class Definitions, class Test>
auto* FindIf(Definitions& definitions, const Test& test) {
  const auto found = std::find_if(definitions.begin(), definitions.end(), test);
  return found == definitions.end() ? nullptr : &*found;
}

}  // namespace

std::string_view Name(IndexState state) {
  switch (state) {
    case IndexState::kPopulating: return "POPULATING";
    case IndexState::kOnline: return "ONLINE";
    case IndexState::kFailed: return "FAILED";
  }
  return "FAILED";
}

double IndexDefinition::PopulationPercent() const {
  if (online()) return 100;
  return progress == nullptr ? 0 : 100 * progress->load(std::memory_order_relaxed);
}

const IndexDefinition* IndexCatalog::FindIndex(IndexId id) const {
  return FindIf(indexes_, [&](const IndexDefinition& each) { return each.id == id; });
}
const IndexDefinition* IndexCatalog::FindIndex(std::string_view name) const {
  return FindIf(indexes_, [&](const IndexDefinition& each) { return each.name == name; });
}
const IndexDefinition* IndexCatalog::FindIndex(const SchemaTarget& target) const {
  return FindIf(indexes_, [&](const IndexDefinition& each) { return each.target == target; });
}

const ConstraintDefinition* IndexCatalog::FindConstraint(std::string_view name) const {
  return FindIf(constraints_, [&](const ConstraintDefinition& each) { return each.name == name; });
}
const ConstraintDefinition* IndexCatalog::FindConstraint(const SchemaTarget& target, ConstraintKind kind) const {
  return FindIf(constraints_,
                [&](const ConstraintDefinition& each) { return each.target == target && each.kind == kind; });
}

bool IndexCatalog::Concerns(EntityKind entity) const {
  return std::any_of(indexes_.begin(), indexes_.end(),
                     [&](const IndexDefinition& each) { return each.kept() && each.target.entity == entity; }) ||
         std::any_of(constraints_.begin(), constraints_.end(),
                     [&](const ConstraintDefinition& each) { return each.target.entity == entity; });
}

IndexDefinition* IndexCatalog::MutableIndex(IndexId id) {
  return FindIf(indexes_, [&](const IndexDefinition& each) { return each.id == id; });
}
ConstraintDefinition* IndexCatalog::MutableConstraint(IndexId id) {
  return FindIf(constraints_, [&](const ConstraintDefinition& each) { return each.id == id; });
}

void IndexCatalog::RemoveIndex(IndexId id) {
  if (std::erase_if(indexes_, [&](const IndexDefinition& each) { return each.id == id; }) > 0) dropped_.push_back(id);
}
void IndexCatalog::RemoveConstraint(IndexId id) {
  std::erase_if(constraints_, [&](const ConstraintDefinition& each) { return each.id == id; });
}
void IndexCatalog::ForgetDropped(IndexId id) {
  std::erase(dropped_, id);
}

}  // namespace tupu
