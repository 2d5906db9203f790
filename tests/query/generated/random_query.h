#pragma once

#include <string>

#include <tupu/value.h>

#include "query/generated/fragment.h"
#include "query/generated/random.h"

namespace tupu {

/// A reading statement over a RandomGraph that binds, gives no error at run time, and has one answer: rows in any order,
/// unless the order is total; no LIMIT without such an order; no path out of several that are as short.
struct RandomQuery {
  Fragment text;
  bool ordered = false;  // ORDER BY names every column, so that the rows have one order
  bool bags = false;     // some lists have no order of their own (collect, pattern comprehension)

  static RandomQuery Make(Random& random);
  std::string Text() const { return text.Text(); }
};

/// What the parameters of random queries stand for: $k, $s, $list.
Map RandomParameters();

}  // namespace tupu
