#pragma once

#include <span>
#include <string>
#include <vector>

#include "query/binder/bound.h"

namespace tupu {

/// One line for plans and tests: `n.age > 30 AND n:Person`. A slot prints as its name; one without a name, and any slot
/// when `slots` is empty, as #number.
std::string ToString(const BoundExpression& expression, std::span<const SlotInfo> slots = {});
std::string ToString(const BoundPatternPart& part, std::span<const SlotInfo> slots = {});

/// Equal for expressions that mean the same in one row: slots by number, but those that `renamed` has true for
/// (variables of comprehensions and the like) by the order of their appearance.
std::string Fingerprint(const BoundExpression& expression, const std::vector<bool>& renamed);

}  // namespace tupu
