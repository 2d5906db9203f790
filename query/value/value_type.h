#pragma once

#include <string>

#include <tupu/value.h>

namespace tupu {

/// The narrowest type of a value, as valueType() gives it: "INTEGER NOT NULL", "NULL", "LIST<BOOLEAN | STRING> NOT NULL"
/// where the list has a null, "LIST<NOTHING> NOT NULL" of an empty one. Elements of several types are listed in the order
/// of Cypher's types. Lists within lists are told apart down to 32 levels; below, an element is ANY.
std::string NarrowestType(const Value& value);

}  // namespace tupu
