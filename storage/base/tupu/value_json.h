#pragma once

#include <string>
#include <string_view>

#include <tupu/value.h>

#pragma GCC visibility push(default)

namespace tupu {

/// JSON as the command line prints it: a vertex is {"id","labels","properties"}, an edge {"id","type","start","end",
/// "properties"}, a path a list of these in order, temporal values ISO strings, NaN and infinities null.
/// Non-ASCII text stays as it is (UTF-8). Invalid UTF-8 becomes U+FFFD.
std::string ToJson(const Value& value);

/// Integers that fit 64 bits become INTEGER, all other numbers FLOAT. Errors: kInvalidArgument with line and column.
Result<Value> ParseJson(std::string_view text);

}  // namespace tupu

#pragma GCC visibility pop
