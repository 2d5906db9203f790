#pragma once

#include <string>
#include <vector>

#include <tupu/value.h>

#include "conformance/scenario.h"

namespace tupu::conformance {

using Rows = std::vector<std::vector<Value>>;

/// Empty if `columns` and `rows` are what is expected by the rules of the vectors' README; else what is wrong.
std::string CompareRows(const Expectation& expect, const std::vector<std::string>& columns, const Rows& rows);

}  // namespace tupu::conformance
