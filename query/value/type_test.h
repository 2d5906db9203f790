#pragma once

#include <string>
#include <string_view>

#include <tupu/value.h>

#include "query/ast/type_union.h"

namespace tupu {

/// IS ::. Null is of every type that does not say NOT NULL; a list is of LIST<T> when each of its elements is of T.
/// Cost: the elements of lists, for each alternative.
bool IsOfType(const Value& value, const TypeUnion& types);

/// As the language writes it: "INTEGER | LIST<STRING NOT NULL>".
std::string ToString(const TypeUnion& types);

/// Whether `text` is in the form. Text that is not UTF-8 is in none.
bool IsNormalized(std::string_view text, NormalForm form);

/// "NFC", "NFD", "NFKC", "NFKD".
std::string_view Name(NormalForm form);

}  // namespace tupu
