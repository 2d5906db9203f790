#pragma once

#include <string>
#include <string_view>

#include <tupu/value.h>

namespace tupu {

/// A value in the cell of a table: strings as they are, entities as short Cypher patterns with their caption, e.g.
/// (:Firm 华为), [:CO_BUILDS {role: 牵头}], (:Firm 华为)-[:CO_BUILDS]->(:ComputingCenter ...). Control characters are
/// replaced, so that a cell is one line and a terminal is not steered by data.
std::string CellText(const Value& value);

/// `text` cut to `width` columns, the last of them "…"; as it is if it fits.
std::string CutToColumns(std::string_view text, int width);

}  // namespace tupu
