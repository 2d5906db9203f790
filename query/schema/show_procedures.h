#pragma once

#include <string_view>

#include "query/procedure/procedure.h"

namespace tupu {

/// What SHOW calls ("SHOW INDEXES" ...); null for other names. The names hold a blank, so that no CALL hits upon them.
const Procedure* FindShowProcedure(std::string_view name);

}  // namespace tupu
