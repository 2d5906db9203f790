#pragma once

#include <string_view>

#include "query/binder/bound.h"

namespace tupu {

/// The static type of a constant. Of a list: the type that all elements share, else a list of anything.
StaticType StaticTypeOf(const Value& value);

/// The narrowest type that holds both: null adds nothing, INTEGER and FLOAT make NUMBER, else ANY.
StaticType CommonType(StaticType a, StaticType b);

/// Of an element of a list; ANY when `list` is not known to be one.
StaticType ElementType(StaticType list);
StaticType ListOf(StaticType element);

/// False only where a value of type `type` is surely none of `wanted`; ANY and NULL may be everything.
bool MayBe(StaticType type, StaticType wanted);

/// "INTEGER?", "LIST OF STRING", "NODE" ... as procedures declare them; ANY for what it does not know.
StaticType ParseStaticType(std::string_view name);

}  // namespace tupu
