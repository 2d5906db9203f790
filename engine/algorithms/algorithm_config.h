#pragma once

#include <string>
#include <string_view>

#include <tupu/result.h>
#include <tupu/value.h>

#include "engine/algorithms/centrality.h"

namespace tupu {

/// The algorithms that have a configuration map.
enum class Algorithm : uint8_t { kDegree, kPageRank, kBetweenness, kCloseness, kHarmonic, kWcc, kScc };

/// Reads the map of `CALL tupu.<algorithm>({...})`. Keys are camelCase; names that users of the Graph Data Science
/// library know are taken too. null and a missing key mean the default.
///
///   key (other name)                     type             of                 default
///   labels (nodeLabels)                  STRING or list   all                any vertex; '*' says the same
///   types (relationshipTypes)            STRING or list   all                any edge; '*' says the same
///   family                               STRING           all                -; not together with types
///   via                                  BOOLEAN          all                true for a family, else false
///   isolated                             BOOLEAN          all                true without types and family
///   orientation (direction)              STRING           all but wcc        NATURAL; REVERSE, UNDIRECTED
///   parallelEdges                        STRING           degree, pagerank   MERGE; KEEP
///   weight (relationshipWeightProperty)  STRING or true   scores             unweighted; true: as declared
///   defaultWeight                        number >= 0      scores             1.0
///   normalized                           BOOLEAN          degree,            false
///                                                         betweenness,       false
///                                                         harmonic           true
///   maxIterations                        INTEGER >= 1     pagerank           200
///   dampingFactor                        number [0, 1)    pagerank           0.85
///   tolerance                            number > 0       pagerank           1e-10
///   samplingSize                         INTEGER >= 0     betweenness        0: exact
///   samplingSeed                         INTEGER          betweenness        1
///   wassermanFaust (useWassermanFaust)   BOOLEAN          closeness          true
///
/// Errors  kInvalidArgument naming the key: unknown (with the nearest known one), given under two names, of a wrong
///         type, or out of range. Names of labels, types and properties are looked up later, by BuildSlice.
Result<CentralityRequest> ParseAlgorithmConfig(Algorithm algorithm, const Map& config);

}  // namespace tupu
