#pragma once

#include <string_view>

#include "query/procedure/procedure.h"

namespace tupu {

/// What SHOW FUNCTIONS, SHOW PROCEDURES and SHOW DATABASES call; null for other names.
const Procedure* FindShowCatalog(std::string_view name);

}  // namespace tupu
