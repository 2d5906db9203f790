#pragma once

#include <string>

#include <tupu/value.h>

namespace tupu {

/// What an edge says beyond its type, in one line: its properties `about` and `role`; of an edge that has neither, its
/// other properties as "key: value" (a share, a status, dates). Bookkeeping (sources, confidence, notes) is left out.
std::string DetailOf(const Edge& edge);

/// A value as a reader sees it: strings as they are, lists joined with "; ".
std::string PlainText(const Value& value);

}  // namespace tupu
