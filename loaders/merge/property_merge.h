#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include <tupu/value.h>

#include "storage/graph/graph_view.h"

namespace tupu {

class Catalog;

/// Sorts by key; drops nulls. Requires: no key twice.
void SortProperties(Properties& properties);

/// Adds `row` to `base`: a list under a key of `united` gets the items it lacks, every other property takes the row's
/// value. Both sorted. True if something changed.
bool MergeProperties(Properties& base, const Properties& row, std::span<const PropertyKeyId> united);

/// True if MergeProperties would change nothing.
bool Holds(const Properties& base, const Properties& row, std::span<const PropertyKeyId> united);

/// Equal but for the keys in `ignored`. Both sorted.
bool EqualExcept(const Properties& a, const Properties& b, std::span<const PropertyKeyId> ignored);

/// Values that are equal hash alike.
uint64_t HashValue(const Value& value);
uint64_t HashExcept(const Properties& properties, std::span<const PropertyKeyId> ignored);
uint64_t CombineHash(uint64_t seed, uint64_t hash);

/// With names, as the ontology wants them.
Map NamedProperties(const Catalog& catalog, const Properties& properties);

}  // namespace tupu
