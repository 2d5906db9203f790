#pragma once

#include <string_view>

#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

/// date.year, time.offset, duration.monthsOfYear ...; names as openCypher spells them.
/// Errors: "TypeError.InvalidArgumentValue" names the components there are.
Result<Value> TemporalComponent(const Value& base, std::string_view name);

}  // namespace tupu
