#pragma once

#include <tupu/value.h>

namespace tupu {

/// A plain or temporal value: what a list within a property may hold.
bool IsStorableScalar(ValueType type);

/// Whether a property can hold `value`: a storable scalar, or a list of such. Not null, which is no property.
bool IsStorable(const Value& value);

}  // namespace tupu
