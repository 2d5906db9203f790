#include <fmt/format.h>

#include "query/binder/internal/query_binder.h"
#include "query/value/static_type.h"

namespace tupu {
namespace {

bool MayBeEntity(StaticType type) {
  return MayBe(type, {StaticKind::kNode}) || MayBe(type, {StaticKind::kRelationship});
}

}  // namespace

QueryBinder::BoundResult QueryBinder::BindUpdateTarget(const AstExpression& target, std::string_view clause) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindExpression(target));
  if (MayBeEntity(bound->type)) return bound;
  return BindError(target.where, "InvalidArgumentType",
                   fmt::format("{} changes a node or a relationship, not {}", clause, ToString(bound->type)));
}

QueryBinder::BoundResult QueryBinder::BindComputedKey(const AstExpressionPtr& key) {
  TUPU_TRY_ASSIGN(BoundExpressionPtr bound, BindOptional(key));
  if (bound) TUPU_TRY(CheckType(*bound, {StaticKind::kString}, "a property key"));
  return bound;
}

Result<BoundLabels> QueryBinder::BindLabels(const AstLabels& labels) {
  BoundLabels bound{labels.names, {}};
  TUPU_TRY_ASSIGN(bound.computed, BindAll(labels.computed));
  for (const BoundExpressionPtr& each : bound.computed) {
    if (!MayBe(each->type, ListOf({StaticKind::kString})))
      TUPU_TRY(CheckType(*each, {StaticKind::kString}, "what is written $(...)"));
  }
  return bound;
}

Result<std::vector<BoundSetItem>> QueryBinder::BindSetItems(const std::vector<AstSetItem>& items) {
  std::vector<BoundSetItem> bound;
  for (const AstSetItem& item : items) {
    BoundSetItem& set = bound.emplace_back();
    set.where = item.where;
    TUPU_TRY_ASSIGN(BoundExpressionPtr target, BindUpdateTarget(*item.target, "SET"));
    BoundExpressionPtr value;
    if (item.value) {
      TUPU_TRY_ASSIGN(value, BindExpression(*item.value));
    }
    switch (item.set_kind) {
      case AstSetItem::Kind::kProperty:
      case AstSetItem::Kind::kComputedProperty: {
        TUPU_TRY_ASSIGN(BoundExpressionPtr key, BindComputedKey(item.computed_key));
        set.node = BoundSetProperty{std::move(target), item.key.text, std::move(key), std::move(value)};
        break;
      }
      case AstSetItem::Kind::kReplace:
      case AstSetItem::Kind::kAdd: {
        if (!MayBeEntity(value->type))
          TUPU_TRY(CheckType(*value, {StaticKind::kMap}, "the value of SET for a variable"));
        const bool replace = item.set_kind == AstSetItem::Kind::kReplace;
        set.node = BoundSetProperties{std::move(target), replace, std::move(value)};
        break;
      }
      case AstSetItem::Kind::kLabels: {
        TUPU_TRY(CheckType(*target, {StaticKind::kNode}, "the target of SET for labels"));
        TUPU_TRY_ASSIGN(BoundLabels labels, BindLabels(item.labels));
        set.node = BoundSetLabels{std::move(target), std::move(labels)};
        break;
      }
    }
  }
  return bound;
}

Result<BoundSet> QueryBinder::BindSet(const AstSet& set) {
  BoundSet bound;
  TUPU_TRY_ASSIGN(bound.items, BindSetItems(set.items));
  return bound;
}

Result<BoundRemove> QueryBinder::BindRemove(const AstRemove& remove) {
  BoundRemove bound;
  for (const AstRemoveItem& item : remove.items) {
    TUPU_TRY_ASSIGN(BoundExpressionPtr target, BindUpdateTarget(*item.target, "REMOVE"));
    BoundRemoveItem& removed = bound.items.emplace_back();
    removed.where = item.where;
    if (item.key || item.computed_key) {
      TUPU_TRY_ASSIGN(BoundExpressionPtr key, BindComputedKey(item.computed_key));
      removed.node = BoundRemoveProperty{std::move(target), item.key ? item.key->text : "", std::move(key)};
    } else {
      TUPU_TRY(CheckType(*target, {StaticKind::kNode}, "the target of REMOVE for labels"));
      TUPU_TRY_ASSIGN(BoundLabels labels, BindLabels(item.labels));
      removed.node = BoundRemoveLabels{std::move(target), std::move(labels)};
    }
  }
  return bound;
}

Result<BoundDelete> QueryBinder::BindDelete(const AstDelete& deletion) {
  BoundDelete bound;
  bound.detach = deletion.detach;
  for (const AstExpressionPtr& target : deletion.targets) {
    if (target->As<AstLabelTest>()) {
      return BindError(target->where, "InvalidDelete", "DELETE takes an entity, not a label or a type",
                       "To take a label away: REMOVE n:Label.");
    }
    TUPU_TRY_ASSIGN(BoundExpressionPtr value, BindExpression(*target));
    if (!MayBeEntity(value->type) && !MayBe(value->type, {StaticKind::kPath})) {
      return BindError(target->where, "InvalidArgumentType",
                       fmt::format("DELETE takes nodes, relationships and paths, not {}", ToString(value->type)));
    }
    bound.targets.push_back(std::move(value));
  }
  return bound;
}

}  // namespace tupu
