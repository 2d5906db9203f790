#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tupu/error.h>
#include <tupu/value.h>

namespace tupu {

/// An error of evaluation; `condition` is openCypher's, e.g. "TypeError.InvalidArgumentValue".
inline Error ValueError(std::string_view condition, std::string message) {
  Error error{ErrorCode::kInvalidArgument, std::move(message)};
  error.condition = condition;
  return error;
}

/// The start of a value for a message: "'a long te...'" with its type, "STRING 'a'".
std::string Describe(const Value& value);

}  // namespace tupu
