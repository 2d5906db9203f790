#pragma once

#include <string>
#include <string_view>

#include "query/functions/function_registry.h"

namespace tupu {

// What SHOW FUNCTIONS says of a function, made of what the registry knows.

/// "Aggregating", "String", "List", "Numeric", "Temporal", "Scalar".
std::string_view CategoryOf(const Function& function);

/// "toUpper(argument :: STRING) :: STRING"; arguments that may be left out in brackets.
std::string SignatureOf(const Function& function);

/// "STRING": the result's type where the arguments' are not known.
std::string ResultTypeOf(const Function& function);

/// One sentence.
std::string DescriptionOf(const Function& function);

}  // namespace tupu
